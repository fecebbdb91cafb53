// Command terraform-provider-fusebill is the Terraform and OpenTofu provider for
// Fusebill. Terraform starts it; by hand only -version is of use.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"

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
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: provider.Address,
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
