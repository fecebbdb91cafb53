// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-fusebill is the Terraform and OpenTofu provider for Fusebill. Terraform
// starts it. Run it yourself only with -version.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/fusebill/terraform-provider-fusebill/internal/provider"
)

// version is set by the linker when a release is built.
var version = "0.0.1-dev"

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger such as delve")
	printVersion := flag.Bool("version", false, "print the provider's address and version, and exit")
	flag.Parse()
	if *printVersion {
		fmt.Println(provider.Address, version)
		return
	}
	limitLogLevels()
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: provider.Address,
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}

// limitLogLevels sets the log level of the plugin libraries to that of the provider. By default, they
// write lines that Terraform discards, which takes a quarter of the provider's time.
func limitLogLevels() {
	level := cmp.Or(os.Getenv("TF_LOG_PROVIDER"), os.Getenv("TF_LOG"), "off")
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_FUSEBILL"} {
		if os.Getenv(name) != "" {
			continue
		}
		if err := os.Setenv(name, level); err != nil { // An invalid level, such as JSON, logs everything.
			log.Print(err)
		}
	}
}
