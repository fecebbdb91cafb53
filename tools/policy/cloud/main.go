// SPDX-License-Identifier: MPL-2.0

// Command cloud is a Terraform provider for the fixtures of the OPA policies. Its resources
// create nothing, and have tags and labels in the shapes that the large providers use.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	providerschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return cloud{} }, providerserver.ServeOpts{
		Address: "registry.terraform.io/example/cloud",
	})
	if err != nil {
		log.Fatal(err)
	}
}

// cloud has default tags, as the AWS provider does.
type cloud struct{}

func (cloud) Metadata(_ context.Context, _ provider.MetadataRequest, response *provider.MetadataResponse) {
	response.TypeName = "cloud"
}

func (cloud) Schema(_ context.Context, _ provider.SchemaRequest, response *provider.SchemaResponse) {
	response.Schema = providerschema.Schema{Attributes: map[string]providerschema.Attribute{
		"default_tags": providerschema.MapAttribute{ElementType: types.StringType, Optional: true},
	}}
}

func (cloud) Configure(ctx context.Context, request provider.ConfigureRequest, response *provider.ConfigureResponse) {
	var tags types.Map
	response.Diagnostics.Append(request.Config.GetAttribute(ctx, path.Root("default_tags"), &tags)...)
	response.ResourceData = tags
}

func (cloud) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (cloud) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		func() resource.Resource { return &object{name: "server", schema: server} },
		func() resource.Resource { return &object{name: "monitor", schema: monitor} },
	}
}

var (
	texts = schema.MapAttribute{ElementType: types.StringType, Optional: true}
	id    = schema.StringAttribute{Computed: true}

	// server has maps as AWS and Google Cloud have them, pairs as an autoscaling group
	// has them, and metadata as Kubernetes has it.
	server = schema.Schema{
		Attributes: map[string]schema.Attribute{
			"id":       id,
			"tags":     texts,
			"tags_all": schema.MapAttribute{ElementType: types.StringType, Computed: true},
			"labels":   texts,
		},
		Blocks: map[string]schema.Block{
			"tag": schema.SetNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
				"key":   schema.StringAttribute{Required: true},
				"value": schema.StringAttribute{Required: true},
			}}},
			"metadata": schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
				"labels": texts,
			}}},
		},
	}

	// monitor has a list of strings, as Datadog has it.
	monitor = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":   id,
		"tags": schema.ListAttribute{ElementType: types.StringType, Optional: true},
	}}
)

// object is a resource that creates nothing.
type object struct {
	name        string
	schema      schema.Schema
	defaultTags types.Map
}

func (o *object) Metadata(_ context.Context, request resource.MetadataRequest, response *resource.MetadataResponse) {
	response.TypeName = request.ProviderTypeName + "_" + o.name
}

func (o *object) Schema(_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse) {
	response.Schema = o.schema
}

func (o *object) Configure(_ context.Context, request resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	o.defaultTags, _ = request.ProviderData.(types.Map) // It is nil before the provider is configured.
}

// ModifyPlan sets tags_all to the tags and the default tags, or to unknown if one of the
// maps is not wholly known.
func (o *object) ModifyPlan(ctx context.Context, request resource.ModifyPlanRequest, response *resource.ModifyPlanResponse) {
	if o.name != "server" || request.Plan.Raw.IsNull() {
		return
	}
	var tags types.Map
	response.Diagnostics.Append(request.Plan.GetAttribute(ctx, path.Root("tags"), &tags)...)
	all := map[string]string{}
	for _, part := range []types.Map{o.defaultTags, tags} {
		value, err := part.ToTerraformValue(ctx)
		if err != nil || !value.IsFullyKnown() {
			response.Diagnostics.Append(response.Plan.SetAttribute(ctx, path.Root("tags_all"), types.MapUnknown(types.StringType))...)
			return
		}
		if !part.IsNull() {
			response.Diagnostics.Append(part.ElementsAs(ctx, &all, false)...)
		}
	}
	response.Diagnostics.Append(response.Plan.SetAttribute(ctx, path.Root("tags_all"), all)...)
}

func (o *object) Create(ctx context.Context, request resource.CreateRequest, response *resource.CreateResponse) {
	response.State.Raw = request.Plan.Raw
	response.Diagnostics.Append(response.State.SetAttribute(ctx, path.Root("id"), o.name)...)
}

func (o *object) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (o *object) Update(_ context.Context, request resource.UpdateRequest, response *resource.UpdateResponse) {
	response.State.Raw = request.Plan.Raw
}

func (o *object) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

func (o *object) ImportState(ctx context.Context, request resource.ImportStateRequest, response *resource.ImportStateResponse) {
	resource.ImportStatePassthroughID(ctx, path.Root("id"), request, response)
}
