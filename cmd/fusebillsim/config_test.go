// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/fusebill/terraform-provider-fusebill/internal/fusebilltest"
)

func TestParseFault(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]fault{
		"500":           {"500", fusebilltest.Always, 0},
		"500:2":         {"500", 2, 0},
		"500@7":         {"500", fusebilltest.Always, 7},
		"429-bare:2@7":  {"429-bare", 2, 7},
		"500:0":         {"500", 0, 0},
		"500:-1@-1":     {"500", fusebilltest.Always, fusebilltest.ListID},
		"404-html:1@12": {"404-html", 1, 12},
	} {
		if got, err := parseFault(text); err != nil || got != want {
			t.Errorf("parseFault(%q): got %+v, %v, want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "teapot", "500:", "500:x", "500:-2", "500@", "500@x", "500@-2", "500@7:2", "500:1:1"} {
		if got, err := parseFault(text); err == nil {
			t.Errorf("parseFault(%q): got %+v, want an error", text, got)
		}
	}
}

func TestParseConfig(t *testing.T) {
	t.Parallel()
	defaults := config{
		listen: "127.0.0.1:0",
		options: fusebilltest.Options{
			Key: fusebilltest.Key, Fleet: 1000, Minute: fusebilltest.Window{Length: time.Minute},
			Day: fusebilltest.Window{Length: 24 * time.Hour}, PageCap: 1000,
		},
	}
	all := config{
		listen: "127.0.0.1:8080",
		options: fusebilltest.Options{
			Key: "key", Fleet: 5, Latency: time.Second, Minute: fusebilltest.Window{Limit: 10, Length: 2 * time.Second},
			Day: fusebilltest.Window{Limit: 20, Length: time.Hour}, ResetFormat: fusebilltest.ResetEpoch,
			OmitHeaders: []string{"X-Rate-Limit-Limit-Day", "X-Rate-Limit-Reset-Day"}, ClockSkew: -time.Minute, PageCap: 50,
			ListEnd: fusebilltest.ListEndZero, GoAwayEvery: 30, ResetEvery: 40,
		},
		faults:            []fault{{"500", 2, 0}, {"html", fusebilltest.Always, 3}},
		customers:         map[int64]map[string]any{2: {"id": json.Number("2"), "status": "Hold"}},
		logFile:           "requests.log",
		tlsDir:            "certificates",
		requireClientCert: true,
		command:           []string{"terraform", "plan", "-no-color"},
	}
	for name, test := range map[string]struct {
		args []string
		want config
	}{
		"defaults": {nil, defaults},
		"all": {[]string{
			"-listen", "127.0.0.1:8080", "-key", "key", "-fleet", "5", "-latency", "1s", "-minute-limit", "10", "-minute-length", "2s",
			"-day-limit", "20", "-day-length", "1h", "-reset-format", "epoch",
			"-omit-headers", "X-Rate-Limit-Limit-Day,x-rate-limit-reset-day", "-clock-skew", "-1m", "-page-cap", "50", "-list-end", "zero",
			"-goaway-every", "30", "-reset-every", "40", "-fault", "500:2", "-fault", "html@3", "-tls-dir", "certificates",
			"-customer", writeFile(t, `{"id": 2, "status": "Hold"}`), "-log", "requests.log", "-require-client-cert",
			"terraform", "plan", "-no-color",
		}, all},
	} {
		got, err := parseConfig(test.args, io.Discard)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(config{}, fault{}), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
