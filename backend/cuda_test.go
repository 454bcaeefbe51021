// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package backend

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// fakeMachine has no GPU, no plugin in reach but a system-wide one, and none of the
// user's settings. It returns its root.
func fakeMachine(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range []string{pathVariable, flagsVariable, "GOMLX_BACKEND"} {
		t.Setenv(name, "")
	}
	t.Setenv("GOPJRT_CUDA_CHECKS", "no")
	t.Setenv("HOME", filepath.Join(root, "home"))
	t.Chdir(root)
	oldRoot, oldLibrary := deviceRoot, driverLibrary
	t.Cleanup(func() { deviceRoot, driverLibrary = oldRoot, oldLibrary })
	deviceRoot, driverLibrary = root, filepath.Join(root, "no-libcuda.so.1")
	return root
}

// put writes a file below a root.
func put(t *testing.T, root, path, content string) string {
	t.Helper()
	path = filepath.Join(root, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// compile makes a shared library from C.
func compile(t *testing.T, path, source string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("cc", "-shared", "-fPIC", "-x", "c", "-o", path, "-")
	cmd.Stdin = strings.NewReader(source)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("no C compiler: %v\n%s", err, out)
	}
	return path
}

// plugDriver gives a fake machine a GPU and a driver for some CUDA, whose calls answer
// an error code.
func plugDriver(t *testing.T, root string, cuda, code, gpus int) {
	t.Helper()
	if !xlaBuilt {
		t.Skip("built without a C compiler")
	}
	put(t, root, "dev/nvidia0", "")
	driverLibrary = compile(t, filepath.Join(root, fmt.Sprintf("libcuda-%d-%d-%d.so", cuda, code, gpus)), fmt.Sprintf(`
		#include <stdio.h>
		int cuInit(unsigned f) { return %d; }
		int cuDriverGetVersion(int *v) { *v = %d; return 0; }
		int cuDeviceGetCount(int *n) { *n = %d; return 0; }
		int cuDeviceGet(int *d, int i) { *d = i; return 0; }
		int cuDeviceGetName(char *s, int n, int d) { snprintf(s, n, "Pretend GPU %%d", d); return 0; }
		int cuDeviceTotalMem_v2(unsigned long *n, int d) { *n = (80UL >> d) << 30; return 0; }
	`, code, cuda, gpus))
}

// plugPlugin puts a plugin where `make cuda` does, with folders for its libraries.
func plugPlugin(t *testing.T, root, content string) string {
	t.Helper()
	put(t, root, ".tools/cuda/nvidia/cu13/lib/README", "")
	return put(t, root, ".tools/cuda/pjrt/pjrt_c_api_cuda_plugin.so", content)
}

// says checks that an error is one line with all the words.
func says(t *testing.T, what string, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error", what)
		return
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("%s: more than one line: %v", what, err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%s: %q does not say %q", what, err, w)
		}
	}
}

// Each thing that is missing is told in one line that says what to do, by the choice
// and by Open; and nothing crashes where the plugin is there and the driver is not.
func TestWhatCUDALacks(t *testing.T) {
	root := fakeMachine(t)
	lacks := func(what string, words ...string) {
		t.Helper()
		_, err := Choose(CUDA)
		says(t, what+", chosen", err, append(words, CUDA)...)
		_, err = Open(CUDA)
		says(t, what+", opened", err, append(words, CUDA)...)
		// Left to itself the program goes on with another.
		b, err := Open("")
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		defer b.Finalize()
		if b.Info.Name == CUDA || len(b.Info.Notes) == 0 || !strings.Contains(b.Info.Notes[0], words[0]) {
			t.Errorf("%s: %s opens, with the notes %q", what, b.Info.Name, b.Info.Notes)
		}
	}
	lacks("no GPU", "no NVIDIA GPU", "/dev/nvidia0")
	plugPlugin(t, root, "not a library")
	lacks("a plugin and no GPU", "no NVIDIA GPU")

	if !xlaBuilt {
		return
	}
	put(t, root, "dev/nvidia0", "")
	lacks("a GPU and no driver", "driver's library does not load", "install the driver")
	driverLibrary = compile(t, filepath.Join(root, "libother.so"), "int other(void) { return 0; }")
	lacks("another library", "lacks cuInit", "install the driver anew")
	for code, want := range map[int]string{100: "CUDA_VISIBLE_DEVICES", 803: "restart the machine", 999: "CUDA error 999"} {
		plugDriver(t, root, 13000, code, 1)
		lacks(fmt.Sprintf("error %d", code), want)
	}
	plugDriver(t, root, 13000, 0, 0)
	lacks("no device", "offers no GPU")
	plugDriver(t, root, 12080, 0, 1)
	lacks("an old driver", "for CUDA 12.8", "needs CUDA 13", "make cuda CUDA=12")
	plugDriver(t, root, 11040, 0, 1)
	lacks("a very old driver", "for CUDA 11.4", "install driver 580")
}

// With a driver the choice is the GPU, though what is wrong with the plugin is seen
// only when it is opened; then the next backend is taken, and it is said why.
func TestCUDAIsChosen(t *testing.T) {
	root := fakeMachine(t)
	plugDriver(t, root, 13010, 0, 2)
	if c, err := Choose(""); err != nil || c.Name == CUDA {
		t.Errorf("without a plugin %+v is chosen, %v", c, err)
	}
	_, err := Choose(CUDA)
	says(t, "no plugin", err, "pjrt_c_api_cuda_plugin.so not found", "make cuda", pathVariable)

	plugin := plugPlugin(t, root, "not a library")
	c, err := Choose("")
	want := []GPU{{"Pretend GPU 0", 80 << 30}, {"Pretend GPU 1", 40 << 30}}
	if err != nil || c.Name != CUDA || !slices.Equal(c.GPUs, want) {
		t.Fatalf("the choice is %+v, %v; want %s with %v", c, err, CUDA, want)
	}
	_, err = Open(CUDA)
	says(t, "no libraries", err, "library libcudart.so.13 does not load", "make cuda")

	// All that one GPU needs, but no plugin that could be loaded.
	for _, l := range libraries[13] {
		if !l.spare {
			compile(t, filepath.Join(root, ".tools/cuda/nvidia", l.folder, "lib", l.name), "int here;")
		}
	}
	_, err = Open(CUDA)
	says(t, "a broken plugin", err, "the plugin "+plugin+" does not load")
	// A library that is none of PJRT's.
	compile(t, plugin, "int here;")
	_, err = Open(CUDA)
	says(t, "another plugin", err, CUDA)
	b, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	if b.Info.Name == CUDA || len(b.Info.Notes) == 0 || !strings.HasPrefix(b.Info.Notes[0], CUDA+": ") {
		t.Errorf("%s opens, with the notes %q", b.Info.Name, b.Info.Notes)
	}
}

// The doctor's lines: a thing each, met or with what to do.
func TestRequirements(t *testing.T) {
	lines := func() string {
		var all []string
		for _, r := range Requirements() {
			if strings.Contains(r.Text, "\n") || r.Text == "" {
				t.Errorf("%s: %q is not one line", r.Name, r.Text)
			}
			all = append(all, fmt.Sprintf("%t %s: %s", r.Met, r.Name, r.Text))
		}
		return strings.Join(all, "\n")
	}
	expect := func(what string, words ...string) {
		t.Helper()
		got := lines()
		for _, w := range words {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in\n%s", what, w, got)
			}
		}
	}
	root := fakeMachine(t)
	expect("nothing", "false driver: no NVIDIA GPU", "false plugin: plugin pjrt_c_api_cuda_plugin.so not found: run `make cuda`")
	plugDriver(t, root, 12040, 0, 1)
	plugin := plugPlugin(t, root, "not a library")
	expect("an old driver", "true driver: is there, for CUDA 12.4", "true GPU: Pretend GPU 0, 80 GiB", "false plugin: the NVIDIA driver is for CUDA 12.4")
	plugDriver(t, root, 13000, 0, 1)
	expect("no libraries", "true plugin: "+plugin, "false libraries: library libcudnn.so.9 does not load", "true libraries: libnccl.so.2 does not load; one GPU does without")
	for _, l := range libraries[13] {
		compile(t, filepath.Join(root, ".tools/cuda/nvidia", l.folder, "lib", l.name), "int here;")
	}
	expect("all", "true libraries: all 12 load")
	if got := lines(); strings.Contains(got, "false") {
		t.Errorf("all is there, and yet\n%s", got)
	}
}

// A plugin is found in a Python's packages too, and known by its folder.
func TestPluginOfPython(t *testing.T) {
	root := fakeMachine(t)
	site := filepath.Join(root, "site-packages")
	path := put(t, site, "jax_plugins/xla_cuda12/xla_cuda_plugin.so", "")
	put(t, site, "nvidia/cuda_nvcc/bin/ptxas", "")
	t.Setenv(pathVariable, filepath.Dir(path))
	p, err := findPlugin("cuda")
	if err != nil || p.path != path || p.load != path {
		t.Fatalf("found %+v, %v", p, err)
	}
	if got := cudaMajor(path); got != 12 {
		t.Errorf("it is for CUDA %d, want 12", got)
	}
	if got := toolFolder(path); got != filepath.Join(site, "nvidia/cuda_nvcc") {
		t.Errorf("its tools are in %q", got)
	}
	if cudaMajor(put(t, root, "elsewhere/xla_cuda_plugin.so", "")) != 0 {
		t.Error("the CUDA of a plugin that lies alone is known")
	}
}

// The bindings tell plugins apart by the letters of their path.
func TestLoadable(t *testing.T) {
	for _, c := range []struct {
		path, platform string
		same           bool
	}{
		{"/a/xla/pjrt_c_api_cpu_plugin.so", "cpu", true},
		{"/cuda-tests/xla/pjrt_c_api_cpu_plugin.so", "cpu", false},
		{"/a/cuda/pjrt/pjrt_c_api_cuda_plugin.so", "cuda", true},
		{"/cpu-node/cuda/pjrt/pjrt_c_api_cuda_plugin.so", "cuda", false},
		{"/a,b/pjrt_c_api_cuda_plugin.so", "cuda", false},
		{"/a,b/pjrt_c_api_cpu_plugin.so", "cpu", false},
	} {
		got, err := loadable(c.path, c.platform)
		if err != nil {
			t.Fatal(err)
		}
		if (got == c.path) != c.same {
			t.Errorf("%s is loaded as %s", c.path, got)
		}
		if to, err := os.Readlink(got); !c.same && (err != nil || to != c.path) {
			t.Errorf("%s is loaded as %s, a link to %q: %v", c.path, got, to, err)
		}
		upper := strings.ToUpper(got)
		if cuda := strings.Contains(upper, "CUDA") || strings.Contains(upper, "NVIDIA"); cuda != (c.platform == "cuda") || cuda && strings.Contains(upper, "CPU") {
			t.Errorf("the bindings mistake %s", got)
		}
	}
}

func TestOptions(t *testing.T) {
	fakeMachine(t)
	for _, c := range []struct {
		text, env, name string
		options         []string
	}{
		{"", "", "", nil},
		{"xla:cuda", "go", CUDA, nil},
		{"xla:cuda,tf32,deterministic,tf32", "", CUDA, []string{Deterministic, TF32}},
		{With("", Deterministic), "", "", []string{Deterministic}},
		{With("", Deterministic), "xla:cuda,tf32", CUDA, []string{Deterministic, TF32}},
		{"", "go", Go, nil},
		{With("xla:cpu", Deterministic), "", CPU, []string{Deterministic}},
	} {
		t.Setenv("GOMLX_BACKEND", c.env)
		r, err := parse(c.text)
		if err != nil || r.name != c.name || !slices.Equal(r.options, c.options) {
			t.Errorf("%q with $GOMLX_BACKEND %q is %+v, %v", c.text, c.env, r, err)
		}
	}
	t.Setenv("GOMLX_BACKEND", "")
	says(t, "an unknown option", Check("xla:cuda,fast"), `"fast"`, Deterministic, TF32)
	says(t, "an unknown backend", Check("abacus,tf32"), `"abacus"`, CUDA, CPU, Go)
}

// Float32 is multiplied in full unless it is asked otherwise, and what is set for XLA
// leaves the user's own flags as they are; all of it is in the manifest.
func TestFlags(t *testing.T) {
	root := fakeMachine(t)
	plugDriver(t, root, 13000, 0, 1)
	plugin := compile(t, plugPlugin(t, root, ""), "int here;")
	put(t, root, ".tools/cuda/nvidia/cu13/bin/ptxas", "")
	for _, l := range libraries[13] {
		compile(t, filepath.Join(root, ".tools/cuda/nvidia", l.folder, "lib", l.name), "int here;")
	}
	p, err := findPlugin("cuda")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		user    string
		options []string
		config  string
		words   []string // of $XLA_FLAGS, beside the folder of the tools
		flags   []string
	}{
		{"", nil, "tf32=false", nil, nil},
		{"", []string{TF32}, "tf32=true", nil, []string{TF32}},
		{"--xla_a=1", []string{Deterministic}, "tf32=false", []string{"--xla_a=1", deterministicFlag + "=true"}, []string{"--xla_a=1", Deterministic}},
		{deterministicFlag + "=false", []string{Deterministic}, "tf32=false", []string{deterministicFlag + "=false"}, []string{deterministicFlag + "=false", Deterministic}},
		{toolFlag + "=/opt/cuda", nil, "tf32=false", nil, nil},
	} {
		t.Setenv(flagsVariable, c.user)
		config, err := prepareCUDA(p, request{CUDA, c.options})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(config, "xla:"+plugin+",") || !strings.Contains(config, ","+c.config+",") || !strings.Contains(config, "preallocate=false") {
			t.Errorf("%v: the configuration is %s", c.options, config)
		}
		var words []string
		tools := 0
		for _, w := range strings.Fields(os.Getenv(flagsVariable)) {
			if strings.HasPrefix(w, toolFlag+"=") {
				tools++
			} else {
				words = append(words, w)
			}
		}
		if !slices.Equal(words, c.words) || tools != 1 {
			t.Errorf("%q with %v becomes %q", c.user, c.options, os.Getenv(flagsVariable))
		}
		// A worker, which inherits them, has the same.
		for range 2 {
			if got := flagsInForce(c.options); !slices.Equal(got, c.flags) {
				t.Errorf("%q with %v: the manifest has %q, want %q", c.user, c.options, got, c.flags)
			}
		}
	}
	t.Setenv(flagsVariable, "")
	if err := addFlags([]string{"--xla_dir=/a folder"}); err != nil || os.Getenv(flagsVariable) != `--xla_dir="/a folder"` {
		t.Errorf("a folder with a space becomes %s, %v", os.Getenv(flagsVariable), err)
	}
}
