// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package bundle

import (
	"bytes"
	"encoding/json"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
)

// Description is what an archive says of itself in ro-crate-metadata.json.
type Description struct {
	// Name and Text say in a line, and in a few, what is in the archive.
	Name, Text string
	// Command is the command line that made the results.
	Command string
	// Version of the program that ran it, such as a git commit.
	Version string
	// Finished is when the results were complete: the date of publication.
	Finished time.Time
	// Titles are what the archive's files are, by path; others have none.
	Titles map[string]string
}

// entity is a JSON-LD object.
type entity map[string]any

func ref(id string) entity { return entity{"@id": id} }

// id is a file's path as a reference, with blanks and the like escaped.
func id(path string) string { return (&url.URL{Path: path}).EscapedPath() }

func refs(ids ...string) []entity {
	var out []entity
	for _, id := range ids {
		out = append(out, ref(id))
	}
	return out
}

const (
	crateProfile   = "https://w3id.org/ro/crate/1.1"
	processProfile = "https://w3id.org/ro/wfrun/process/0.5"
	licence        = "https://www.apache.org/licenses/LICENSE-2.0"
	software       = "#reproduce"
	authors        = "#authors"
	action         = "#run"
)

// papers are what a user of the results cites.
var papers = []entity{
	{
		"@id": "https://arxiv.org/abs/2310.09528", "@type": "ScholarlyArticle",
		"name":          "Hypernetwork-based Meta-Learning for Low-Rank Physics-Informed Neural Networks",
		"author":        "Woojin Cho, Kookjin Lee, Donsub Rim, Noseong Park",
		"isPartOf":      "Advances in Neural Information Processing Systems 36 (NeurIPS 2023)",
		"datePublished": "2023",
	},
	{
		"@id": "https://arxiv.org/abs/2111.01008", "@type": "ScholarlyArticle",
		"name":          "HyperPINN: Learning parameterized differential equations with physics-informed hypernetworks",
		"author":        "Filipe de Avila Belbute-Peres, Yi-fan Chen, Fei Sha",
		"datePublished": "2021",
	},
}

// crate writes the JSON-LD of an archive with these files.
func (d Description) crate(files []file) ([]byte, error) {
	// RFC 3339, but "+00:00" for "Z", which validators of the profile refuse.
	date := d.Finished.UTC().Format("2006-01-02T15:04:05+00:00")
	var parts []entity
	var described []entity
	for _, f := range files {
		parts = append(parts, ref(id(f.path)))
		e := entity{
			"@id": id(f.path), "@type": "File", "name": f.path, "encodingFormat": encodingFormat(f.path),
			"contentSize": strconv.FormatInt(f.size, 10), "sha256": f.sum,
		}
		if title := d.Titles[f.path]; title != "" {
			e["name"], e["alternateName"] = title, f.path
		}
		described = append(described, e)
	}
	results := parts
	// Its checksum can't be given here: it holds that of this file.
	parts = append(parts[:len(parts):len(parts)], ref(sumsName))
	described = append(described, entity{
		"@id": sumsName, "@type": "File", "name": "SHA-256 of every other file", "encodingFormat": "text/plain",
	})
	root := entity{
		"@id": "./", "@type": "Dataset", "name": d.Name, "description": d.Text, "datePublished": date,
		"license": ref(licence), "author": ref(authors), "publisher": ref(authors),
		"conformsTo": ref(processProfile), "hasPart": parts, "mentions": ref(action),
	}
	var citations []string
	for _, p := range papers {
		citations = append(citations, p["@id"].(string))
	}
	root["citation"] = refs(citations...)
	graph := []entity{
		{"@id": crateName, "@type": "CreativeWork", "conformsTo": ref(crateProfile), "about": ref("./")},
		root,
		{
			"@id": action, "@type": "CreateAction", "name": d.Command,
			"description": "Trained the networks, measured their errors and wrote the report.",
			"instrument":  ref(software), "agent": ref(authors), "result": results, "endTime": date,
			"actionStatus": "http://schema.org/CompletedActionStatus",
		},
		{
			"@id": software, "@type": "SoftwareApplication", "name": "reproduce", "softwareVersion": d.Version,
			"description": "Reproduces the experiments of two papers on physics-informed neural networks.", "citation": refs(citations...),
		},
		{"@id": authors, "@type": "Organization", "name": "The PINN Repro Authors"},
		{
			"@id": licence, "@type": "CreativeWork", "name": "Apache License, Version 2.0",
			"description": "Permits use, change and redistribution; requires that the notices are kept.",
		},
		{"@id": processProfile, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
	}
	graph = append(append(graph, papers...), described...)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(entity{
		// RO-Crate 1.1 is older than schema.org's sha256.
		"@context": []any{crateProfile + "/context", entity{"sha256": "http://schema.org/sha256"}},
		"@graph":   graph,
	})
	return b.Bytes(), err
}

// formats are the media types of what reports and records consist of.
var formats = map[string]string{
	".html": "text/html", ".json": "application/json", ".csv": "text/csv", ".md": "text/markdown", ".tex": "application/x-tex",
	".svg": "image/svg+xml", ".png": "image/png", ".npz": "application/zip", ".txt": "text/plain",
}

func encodingFormat(name string) string {
	if format := formats[strings.ToLower(path.Ext(name))]; format != "" {
		return format
	}
	return "application/octet-stream"
}
