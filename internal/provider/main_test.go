// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// ephemeralSince is the first version of the CLI under test that supports ephemeral resources.
var ephemeralSince = tfversion.Version1_10_0

// TestMain sets the provider's address for the CLI, and ignores the user's CLI configuration.
func TestMain(m *testing.M) {
	if os.Getenv(resource.EnvTfAcc) != "" {
		_ = os.Setenv("TF_CLI_CONFIG_FILE", os.DevNull)
		host, namespaceAndType, _ := strings.Cut(Address, "/")
		namespace, _, _ := strings.Cut(namespaceAndType, "/")
		if isOpenTofu() {
			host = "registry.opentofu.org"
			ephemeralSince = tfversion.Version1_11_0
		}
		_ = os.Setenv(resource.EnvTfAccProviderHost, host)
		_ = os.Setenv(resource.EnvTfAccProviderNamespace, namespace)
	}
	os.Exit(m.Run())
}

// isOpenTofu reports whether the CLI under test is OpenTofu.
func isOpenTofu() bool {
	cli := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if cli == "" {
		cli = "terraform"
	}
	out, err := exec.CommandContext(context.Background(), cli, "version").Output()
	if err != nil {
		fmt.Fprintf(os.Stderr, "the acceptance tests need a CLI, and %s version fails: %s\n", cli, err)
		os.Exit(1)
	}
	return strings.Contains(string(out), "OpenTofu")
}

// serve serves a handler until the test ends, and returns its URL.
func serve(t testing.TB, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// factories returns a factory of the provider with the given environment variables, so tests can run in
// parallel.
func factories(variables map[string]string) map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		providerTypeName: providerserver.NewProtocol6WithError(&fusebillProvider{
			version: "test",
			getenv:  func(name string) string { return variables[name] },
		}),
	}
}

// pointedAt returns the environment variables that point the provider at a URL.
func pointedAt(url string) map[string]string {
	return map[string]string{baseURLArgument.envVar: url, apiKeyArgument.envVar: fusebilltest.Key}
}

// config returns a configuration with the given body.
func config(body string) string {
	return `terraform {
  required_providers {
    fusebill = {
      source = "fusebill/fusebill"
    }
  }
}
` + body
}

// message returns a pattern that matches a diagnostic with the given phrases in order, regardless of line
// breaks.
func message(phrases ...string) *regexp.Regexp {
	var patterns []string
	for _, phrase := range phrases {
		words := strings.Fields(phrase)
		for i, word := range words {
			words[i] = regexp.QuoteMeta(word)
		}
		patterns = append(patterns, strings.Join(words, `[\s│]+`))
	}
	return regexp.MustCompile(strings.Join(patterns, `(?s:.*)`))
}
