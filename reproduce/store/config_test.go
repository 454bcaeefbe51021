// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"pinn.example/repro/pde"
	"pinn.example/repro/reproduce/store"
	"pinn.example/repro/train"
)

// config is a run with something in every field.
func config(seed int64) store.Config {
	return store.Config{
		Method: "hyper-lr-pinn/phase2", Version: 1, Problem: "convection;u0=1+sin(x)",
		Mus:    [][]float64{{30, 0, 0}, {35.5, 0, 0}},
		Points: pde.Sample{Set: "published", Seed: 7, Collocation: 20},
		Model:  map[string]any{"rank": "full", "width": 50},
		Train:  train.Settings{Steps: 40},
		Seed:   seed, Parent: "hyper-lr-pinn-phase1-0123456789abcdef", Graph: "feedbeef",
	}
}

// A name that changes orphans every record there is. canonical is written by
// hand, and the digits are those of
//
//	printf %s "$canonical" | sha256sum | cut -c 1-16
func TestGoldenName(t *testing.T) {
	const canonical = `{"graph":"feedbeef","method":"hyper-lr-pinn/phase2","model":{"rank":"full","width":50},` +
		`"mus":[[30,0,0],[35.5,0,0]],"parent":"hyper-lr-pinn-phase1-0123456789abcdef",` +
		`"points":{"collocation":20,"seed":7,"set":"published"},"problem":"convection;u0=1+sin(x)","seed":3,` +
		`"train":{"dtype":"float32","history_every":10,"learning_rate":0.00025,"steps":40},"version":1}`
	const name = "hyper-lr-pinn-phase2-ba76b93ed2bd6b29"
	c := config(3)
	data, err := c.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	if string(data) != canonical {
		t.Errorf("canonical form is\n%s\nwant\n%s", data, canonical)
	}
	if got := c.Name(); got != name {
		t.Errorf("name is %s, want %s: every record made so far would be lost", got, name)
	}
}

func TestNameKnowsNoFieldOrder(t *testing.T) {
	type oneWay struct {
		Rank  string         `json:"rank"`
		Width int            `json:"width"`
		Inner map[string]int `json:"inner"`
	}
	type otherWay struct {
		Inner struct{ B, A int } `json:"inner"`
		Width float64            `json:"width"`
		Rank  string             `json:"rank"`
	}
	a, b := config(0), config(0)
	a.Model = oneWay{"full", 50, map[string]int{"A": 1, "B": 2}}
	b.Model = otherWay{struct{ B, A int }{2, 1}, 50, "full"}
	if a.Name() != b.Name() {
		t.Errorf("the same settings in another order have another name:\n%s\n%s", canonical(t, a), canonical(t, b))
	}
}

func canonical(t *testing.T, c store.Config) []byte {
	t.Helper()
	data, err := c.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Every field decides the outcome, so each must be in the name, those too that
// are added after this test.
func TestEveryFieldChangesTheName(t *testing.T) {
	names := map[string]string{config(0).Name(): "the configuration itself"}
	var walk func(path string, of func(c *store.Config) reflect.Value)
	walk = func(path string, of func(c *store.Config) reflect.Value) {
		c := config(0)
		v := of(&c)
		if v.Kind() == reflect.Struct {
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, func(c *store.Config) reflect.Value { return of(c).Field(i) })
			}
			return
		}
		switch path {
		case ".Mus":
			v.Set(reflect.ValueOf([][]float64{{30, 0, 0}, {35.5, 0, 1e-12}}))
		case ".Setup":
			v.Set(reflect.ValueOf(map[string]any{"residual_weight": .5}))
		case ".Model":
			v.Set(reflect.ValueOf(map[string]any{"rank": "adaptive", "width": 50}))
		default:
			change(t, path, v)
		}
		name := c.Name()
		if other, ok := names[name]; ok {
			t.Errorf("changing %s gives the name of %s", path, other)
		}
		names[name] = path
	}
	walk("", func(c *store.Config) reflect.Value { return reflect.ValueOf(c).Elem() })
	// Config has 11 fields; Points and Train stand for 3 and 8 of their own.
	if len(names) < 1+9+3+8 {
		t.Errorf("only %d names: the walk misses fields", len(names))
	}
}

func change(t *testing.T, path string, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Int, reflect.Int64:
		// Not a default: those are filled in before the name is made.
		v.SetInt(v.Int() + 12345)
	case reflect.Float64:
		v.SetFloat(v.Float() + .125)
	case reflect.Pointer: // from nothing to something
		v.Set(reflect.New(v.Type().Elem()))
	default:
		t.Fatalf("a field %s of kind %s: say here how to change it", path, v.Kind())
	}
}

// Order and number of the parameter settings decide the outcome too.
func TestMusInTheName(t *testing.T) {
	names := map[string]bool{}
	for _, mus := range [][][]float64{{{30}, {35}}, {{35}, {30}}, {{30}}, {{30, 35}}, nil} {
		c := config(0)
		c.Mus = mus
		names[c.Name()] = true
	}
	if len(names) != 5 {
		t.Errorf("5 lists of parameter settings have %d names", len(names))
	}
}

// 2⁵³ and 2⁵³ + 1 are one float64.
func TestLargeSeedsDiffer(t *testing.T) {
	if a, b := config(1<<53), config(1<<53+1); a.Name() == b.Name() {
		t.Errorf("two seeds have one name, %s", a.Name())
	}
}

// The defaults are those that train.Settings documents.
func TestDefaultsAreExplicit(t *testing.T) {
	a, b := config(0), config(0)
	b.Train = train.Settings{Steps: 40, LearningRate: 2.5e-4, DType: "float32", HistoryEvery: 10}
	if a.Name() != b.Name() {
		t.Errorf("defaults spelt out have another name:\n%s\n%s", canonical(t, a), canonical(t, b))
	}
	b.Train.LearningRate = 1e-3
	if a.Name() == b.Name() {
		t.Error("another learning rate has the same name")
	}
}

// The canonical form is read back as the configuration that it was made from.
func TestCanonicalIsReadable(t *testing.T) {
	c := config(1<<62 + 1)
	c.Train = c.Train.WithDefaults()
	var back store.Config
	if err := json.Unmarshal(canonical(t, c), &back); err != nil {
		t.Fatal(err)
	}
	// A model is any struct: JSON gives its numbers back as float64.
	if fmt.Sprint(back.Model) != fmt.Sprint(c.Model) {
		t.Errorf("model is %v, want %v", back.Model, c.Model)
	}
	back.Model = c.Model
	if !reflect.DeepEqual(back, c) {
		t.Errorf("read back\n%+v\nwant\n%+v", back, c)
	}
}

// The keys are in the order in which encoding/json writes those of a map, at every
// depth, and all else is as it was.
func TestCanonicalSortsKeys(t *testing.T) {
	type inner struct {
		Z     []map[string]int  `json:"z"`
		A_    *int              `json:"a_"`
		A     string            `json:"a"`
		AB    string            `json:"ab"`
		Empty struct{}          `json:"empty"`
		None  []int             `json:"none"`
		Names map[string]string `json:"names"`
	}
	models := []any{
		nil, 7, "text",
		[]int{},
		inner{},
		inner{
			Z: []map[string]int{{}, {"y": 1, "x": 2}, nil}, A: `"},{]\`, AB: "β <&> \u2028\x00\n",
			None: []int{}, Names: map[string]string{"b": `\"`, "": "", "a": `\\`},
		},
		struct {
			Z []any   `json:"z"`
			Y float64 `json:"y"`
			X bool    `json:"x"`
		}{[]any{inner{}, 1e-7, -2.5e21, true, nil, [][]inner{{{A: "1"}, {AB: "2"}}}, int64(1<<62 + 1)}, 3, false},
	}
	for i, model := range models {
		c := config(1<<62 + 1)
		c.Model, c.Setup = model, models[len(models)-1-i]
		c.Train = c.Train.WithDefaults()
		if got, want := canonical(t, c), throughMap(t, c); string(got) != want {
			t.Errorf("canonical form is\n%s\nwant\n%s", got, want)
		}
	}
}

// throughMap encodes c with sorted keys the other way: through a map.
func throughMap(t *testing.T, c store.Config) string {
	t.Helper()
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&m); err != nil {
		t.Fatal(err)
	}
	if data, err = json.Marshal(m); err != nil {
		t.Fatal(err)
	}
	return string(data)
}
