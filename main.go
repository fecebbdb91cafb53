// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-fusebill is the Terraform and OpenTofu provider for
// Fusebill. Terraform starts it; by hand only -version is of use.
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
	printVersion := flag.Bool("version", false, "print the provider's address and version, and end")
	flag.Parse()
	if *printVersion {
		fmt.Println(provider.Address, version)
		return
	}
	logOnlyWhatIsHeard()
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: provider.Address,
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}

// logOnlyWhatIsHeard keeps the provider from writing lines that Terraform would
// throw away. The plugin libraries log each step of each attribute, and Terraform
// picks what to show by TF_LOG_PROVIDER or TF_LOG: where that is nothing, the rest is
// a quarter of the provider's work, and as much again for Terraform to read it.
func logOnlyWhatIsHeard() {
	level := cmp.Or(os.Getenv("TF_LOG_PROVIDER"), os.Getenv("TF_LOG"), "off")
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_FUSEBILL"} {
		if os.Getenv(name) == "" {
			_ = os.Setenv(name, level) // A level that is none, such as JSON, shows everything.
		}
	}
}
