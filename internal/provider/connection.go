package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebill"
)

// A connection is what a configured provider hands to its surfaces.
type connection struct {
	settings
	client *fusebill.Client
}

// connected is embedded by every surface, and holds the connection for it. Before
// the provider is configured it is nil.
type connected struct {
	*connection
}

// take takes the connection from the data that the provider handed over.
func (c *connected) take(providerData any) diag.Diagnostics {
	if providerData == nil {
		return nil
	}
	connection, ok := providerData.(*connection)
	if !ok {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unexpected Provider Data",
			fmt.Sprintf("Got %T instead of a connection. This is a bug in the provider.", providerData))}
	}
	c.connection = connection
	return nil
}
