// SPDX-License-Identifier: MPL-2.0

package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

// Resources of a customer can be destroyed in every state of the customer and of the API,
// as the guide Off-boarding describes.
func TestAccOffboarding(t *testing.T) {
	t.Parallel()
	installation := install(t)
	const (
		destroy           = "destroy -no-color -auto-approve"
		withoutRefresh    = destroy + " -refresh=false"
		plan              = "plan -no-color"
		destroyed         = "Destroy complete! Resources: 1 destroyed."
		notFound          = "Error: Customer Not Found"
		unavailable       = "Error: Unable to Reach Fusebill"
		preconditionFail  = "Error: Resource precondition failed"
		postconditionFail = "Error: Resource postcondition failed"
	)
	suspended := map[string]any{"id": 1, "status": "Suspended", "customerAccountStatus": "Collection"}
	const (
		precondition  = "examples/policies/precondition/main.tf"
		postcondition = "examples/policies/postcondition/main.tf"
		allowMissing  = "examples/guides/off-boarding/main.tf"
	)
	cases := map[string]struct {
		file     string
		overview map[string]any // The overview after the apply.
		status   int            // The API's status code after the apply, if it fails.
		commands [][2]string    // Commands after that, and their output.
	}{
		"suspended": {
			file: precondition, overview: suspended,
			commands: [][2]string{{plan, preconditionFail}, {destroy, destroyed}},
		},
		"suspended_postcondition": {
			file: postcondition, overview: suspended,
			commands: [][2]string{{plan, postconditionFail}, {destroy, destroyed}},
		},
		"suspended_allow_missing": {
			file: allowMissing, overview: suspended,
			commands: [][2]string{{plan, preconditionFail}, {destroy, destroyed}},
		},
		"suspended_without_refresh": {
			file: precondition, overview: suspended,
			commands: [][2]string{{withoutRefresh, destroyed}},
		},
		"deleted": {
			file: precondition, status: http.StatusNotFound,
			commands: [][2]string{{plan, notFound}, {destroy, notFound}, {withoutRefresh, destroyed}},
		},
		"deleted_postcondition": {
			file: postcondition, status: http.StatusNotFound,
			commands: [][2]string{{destroy, notFound}, {withoutRefresh, destroyed}},
		},
		"deleted_allow_missing": {
			file: allowMissing, status: http.StatusNotFound,
			commands: [][2]string{{plan, preconditionFail}, {destroy, destroyed}},
		},
		"outage": {
			file: precondition, status: http.StatusServiceUnavailable,
			commands: [][2]string{{plan, unavailable}, {plan + " -refresh=false", unavailable}, {destroy, unavailable}, {withoutRefresh, destroyed}},
		},
		"outage_allow_missing": {
			file: allowMissing, status: http.StatusServiceUnavailable,
			commands: [][2]string{{destroy, unavailable}, {withoutRefresh, destroyed}},
		},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := fusebilltest.New(fusebilltest.Options{})
			api.SetCustomer(1, map[string]any{"id": 1, "status": "Active", "customerAccountStatus": "Good"})
			var status atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if code := int(status.Load()); code != 0 {
					w.Header().Set("Content-Type", "application/json")
					w.WriteHeader(code)
					_, _ = io.WriteString(w, `{"ErrorId": 0, "HttpStatusCode": `+strconv.Itoa(code)+`, "Errors": []}`)
					return
				}
				api.ServeHTTP(w, r)
			}))
			t.Cleanup(server.Close)
			configuration, err := os.ReadFile(test.file)
			if err != nil {
				t.Fatal(err)
			}
			w := newWorkspace(t, installation, requirement+string(configuration), "FUSEBILL_API_KEY="+fusebilltest.Key,
				"FUSEBILL_BASE_URL="+server.URL, "FUSEBILL_MAX_RETRIES=0", "TF_VAR_customer_id=1")
			for _, command := range []string{"init", apply} {
				if out, exit := w.run(t, strings.Fields(command)...); exit != 0 {
					t.Fatalf("%s exits %d:\n%s", command, exit, out)
				}
			}
			if test.overview != nil {
				api.SetCustomer(1, test.overview)
			}
			status.Store(int64(test.status))
			for _, command := range test.commands {
				out, exit := w.run(t, strings.Fields(command[0])...)
				want := 1
				if command[1] == destroyed {
					want = 0
				}
				if exit != want || !strings.Contains(plain(out), command[1]) {
					t.Errorf("%s exits %d, want %d and %q:\n%s", command[0], exit, want, command[1], out)
				}
			}
		})
	}
}

// The resources of a customer that leaves the list are destroyed, and the conditions of
// the other customers still hold.
func TestAccOffboarding_fleet(t *testing.T) {
	t.Parallel()
	api := fusebilltest.New(fusebilltest.Options{Fleet: 3})
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	configuration, err := os.ReadFile("examples/guides/many-customers/main.tf")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorkspace(t, install(t), requirement+string(configuration),
		"FUSEBILL_API_KEY="+fusebilltest.Key, "FUSEBILL_BASE_URL="+server.URL)
	for _, command := range []string{"init", apply + " -var=customer_ids=[1,2]"} {
		if out, exit := w.run(t, strings.Fields(command)...); exit != 0 {
			t.Fatalf("%s exits %d:\n%s", command, exit, out)
		}
	}
	api.SetCustomer(2, map[string]any{"id": 2, "status": "Cancelled", "customerAccountStatus": "Collection"})
	for _, run := range []struct {
		ids    string
		exit   int
		prints string
	}{
		{"[1,2]", 1, "Error: Resource precondition failed"},
		{"[1]", 0, "Apply complete! Resources: 0 added, 0 changed, 1 destroyed."},
	} {
		out, exit := w.run(t, strings.Fields(apply+" -var=customer_ids="+run.ids)...)
		if exit != run.exit || !strings.Contains(plain(out), run.prints) {
			t.Errorf("the apply for %s exits %d, want %d and %q:\n%s", run.ids, exit, run.exit, run.prints, out)
		}
	}
}
