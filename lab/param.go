// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package lab

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"pinn.example/repro/reproduce"
)

// Param returns the parameter name of a notebook: what the environment variable
// NB_NAME says, in upper case, or else fallback. In JupyterLab, %env NB_NAME value
// in a cell of its own sets it. A value that does not read as a T ends the cell.
func Param[T int | int64 | float64 | string | bool](name string, fallback T) T {
	variable := "NB_" + strings.ToUpper(name)
	text, ok := os.LookupEnv(variable)
	if !ok || text == "" {
		return fallback
	}
	value, err := parse(text, fallback)
	if err != nil {
		Check(fmt.Errorf("%s is %q; give %s, or unset it for %v", variable, text, kind(fallback), fallback))
	}
	return value
}

func parse[T any](text string, like T) (value T, err error) {
	var v any
	switch any(like).(type) {
	case int:
		v, err = strconv.Atoi(text)
	case int64:
		v, err = strconv.ParseInt(text, 10, 64)
	case float64:
		v, err = strconv.ParseFloat(text, 64)
	case bool:
		v, err = strconv.ParseBool(text)
	case string:
		v = text
	}
	if err != nil {
		return value, err
	}
	return v.(T), nil
}

func kind(v any) string {
	switch v.(type) {
	case int, int64:
		return "a whole number"
	case float64:
		return "a number"
	case bool:
		return "true or false"
	}
	return "a word"
}

// Presets of the notebooks, a subset of the command's: quick is the one for which
// they are written, smoke takes seconds and its numbers mean nothing.
const (
	Quick = "quick"
	Smoke = "smoke"
)

// Preset returns the preset that NB_PRESET names, by default quick. Its runs are
// those of the command: make reproduce PRESET=quick finds what a notebook trained,
// and the other way round.
func Preset() reproduce.Preset {
	name := Param("preset", Quick)
	if !slices.Contains([]string{Quick, Smoke}, name) {
		Check(fmt.Errorf("NB_PRESET is %q; give %s or %s", name, Quick, Smoke))
	}
	p, err := reproduce.FindPreset(name)
	Check(err)
	return p
}

// smokeSteps is what smoke makes of any number of steps.
const smokeSteps = 20

// Steps returns the number of optimizer steps of a lesson's own run: quick, or 20 at
// most in the preset smoke.
func Steps(quick int) int {
	if Preset().Name == Smoke {
		return min(quick, smokeSteps)
	}
	return quick
}
