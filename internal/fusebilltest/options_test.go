// SPDX-License-Identifier: MPL-2.0

package fusebilltest

import (
	"testing"
	"time"
)

func TestOptions_Validate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options Options
		isValid bool
	}{
		"zero":             {Options{}, true},
		"skew":             {Options{ClockSkew: -time.Hour}, true},
		"reset_format":     {Options{ResetFormat: ResetEpoch}, true},
		"list_end":         {Options{ListEnd: ListEndBare}, true},
		"omit":             {Options{OmitHeaders: []string{"x-rate-limit-limit-day"}}, true},
		"bad_reset_format": {Options{ResetFormat: "iso"}, false},
		"bad_list_end":     {Options{ListEnd: "never"}, false},
		"bad_omit":         {Options{OmitHeaders: []string{"Date"}}, false},
		"bad_fleet":        {Options{Fleet: -1}, false},
		"bad_latency":      {Options{Latency: -time.Second}, false},
		"bad_length":       {Options{Day: Window{Length: -time.Second}}, false},
		"bad_reset_every":  {Options{ResetEvery: -1}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := test.options.Validate(); (err == nil) != test.isValid {
				t.Errorf("got %v, want valid %t", err, test.isValid)
			}
			defer func() {
				if reason := recover(); (reason == nil) != test.isValid {
					t.Errorf("New: got panic %v, want valid %t", reason, test.isValid)
				}
			}()
			New(test.options)
		})
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, want := range ResetFormats() {
		if got, err := ParseResetFormat(string(want)); got != want || err != nil {
			t.Errorf("ParseResetFormat(%q): got %q, %v", want, got, err)
		}
	}
	for _, want := range ListEnds() {
		if got, err := ParseListEnd(string(want)); got != want || err != nil {
			t.Errorf("ParseListEnd(%q): got %q, %v", want, got, err)
		}
	}
	for _, name := range []string{"", "Epoch", "unknown"} {
		if got, err := ParseResetFormat(name); err == nil {
			t.Errorf("ParseResetFormat(%q): got %q, want an error", name, got)
		}
		if got, err := ParseListEnd(name); err == nil {
			t.Errorf("ParseListEnd(%q): got %q, want an error", name, got)
		}
	}
}
