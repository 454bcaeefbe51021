// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package backend

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/gomlx/compute"
)

// Options that may follow a backend's name. They are of consequence on "xla:cuda"
// alone: the other backends always multiply in full and sum in one order.
const (
	// Deterministic has the GPU sum in one order, so that a run repeats bit by bit;
	// it is slower.
	Deterministic = "deterministic"
	// TF32 lets the GPU round the factors of float32 products to 10 bits of mantissa.
	// JAX does so by default on recent GPUs (docs.jax.dev, "Matmul precision"); here
	// it is asked for, since it changes the digits that are compared.
	TF32 = "tf32"
)

func options() []string { return []string{Deterministic, TF32} }

// request is a backend that is asked for.
type request struct {
	name    string // "" is the best there is
	options []string
}

func (r request) has(option string) bool { return slices.Contains(r.options, option) }

// With adds an option to the name of a backend, "" being the best there is.
func With(name, option string) string { return name + "," + option }

// Check returns an error where Open would not know a name or an option.
func Check(name string) error {
	_, err := parse(name)
	return err
}

// parse reads NAME[,OPTION…]; an empty name is $GOMLX_BACKEND's.
func parse(text string) (request, error) {
	name, rest, _ := strings.Cut(text, ",")
	if name == "" {
		var more string
		name, more, _ = strings.Cut(os.Getenv(compute.ConfigEnvVar), ",")
		rest += "," + more
	}
	if name != "" && !slices.Contains(Names(), name) {
		return request{}, fmt.Errorf("backend: unknown backend %q; known are %s", name, strings.Join(Names(), ", "))
	}
	r := request{name: name}
	for option := range strings.SplitSeq(rest, ",") {
		switch {
		case option == "":
		case !slices.Contains(options(), option):
			return request{}, fmt.Errorf("backend: unknown option %q of backend %s; known are %s", option, text, strings.Join(options(), ", "))
		case !r.has(option):
			r.options = append(r.options, option)
		}
	}
	slices.Sort(r.options)
	return r, nil
}

// candidates are the backends to try, best first.
func (r request) candidates() []string {
	if r.name != "" {
		return []string{r.name}
	}
	return Names()
}
