// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
)

// registry returns a handler that serves the release by the provider registry protocol.
// https://developer.hashicorp.com/terraform/internals/provider-registry-protocol
func (r *release) registry() (http.Handler, error) {
	key, err := os.ReadFile(r.key)
	if err != nil {
		return nil, err
	}
	platforms := map[string]map[string]string{} // By the name of the archive.
	for name := range r.sums {
		if platform, ok := r.platform(name, ".zip"); ok {
			goos, goarch, _ := strings.Cut(platform, "_")
			platforms[name] = map[string]string{"os": goos, "arch": goarch}
		}
	}
	_, provider, _ := strings.Cut(r.address, "/")
	prefix := "/v1/providers/" + provider

	mux := http.NewServeMux()
	mux.Handle("GET /files/", http.StripPrefix("/files", http.FileServer(http.Dir(r.dir))))
	mux.HandleFunc("GET "+prefix+"/versions", func(w http.ResponseWriter, _ *http.Request) {
		version := map[string]any{"version": r.version, "protocols": r.protocols}
		var all []any
		for _, platform := range platforms {
			all = append(all, platform)
		}
		version["platforms"] = all
		writeJSON(w, map[string]any{"versions": []any{version}})
	})
	mux.HandleFunc("GET "+prefix+"/"+r.version+"/download/{os}/{arch}", func(w http.ResponseWriter, request *http.Request) {
		goos, goarch := request.PathValue("os"), request.PathValue("arch")
		archive := r.name(goos + "_" + goarch + ".zip")
		if _, ok := platforms[archive]; !ok {
			http.NotFound(w, request)
			return
		}
		files := "http://" + request.Host + "/files/"
		writeJSON(w, map[string]any{
			"protocols":             r.protocols,
			"os":                    goos,
			"arch":                  goarch,
			"filename":              archive,
			"download_url":          files + archive,
			"shasum":                r.sums[archive],
			"shasums_url":           files + r.name(sumsFile),
			"shasums_signature_url": files + r.name(signatureFile),
			"signing_keys": map[string]any{
				"gpg_public_keys": []any{map[string]string{"ascii_armor": string(key)}},
			},
		})
	})
	return mux, nil
}

func writeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value) // A lost connection fails the CLI, which reports it.
}
