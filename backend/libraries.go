// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package backend

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// library is one that the CUDA plugin opens by its name when it first needs it.
type library struct {
	folder string // of the wheel, in nvidia/
	name   string
	spare  bool // one GPU does without: for several of them, or for profiling
}

// libraries lists what plugins for each major version of CUDA open (their RPATH, and
// the wheels that jax-cudaNN-plugin names), each after what it opens itself.
var libraries = map[int][]library{
	12: {
		{"cuda_runtime", "libcudart.so.12", false},
		{"cuda_nvrtc", "libnvrtc.so.12", false},
		{"nvjitlink", "libnvJitLink.so.12", false},
		{"cublas", "libcublasLt.so.12", false},
		{"cublas", "libcublas.so.12", false},
		{"cusparse", "libcusparse.so.12", false},
		{"cusolver", "libcusolver.so.11", false},
		{"cufft", "libcufft.so.11", false},
		{"cudnn", "libcudnn.so.9", false},
		{"cuda_cupti", "libcupti.so.12", true},
		{"nccl", "libnccl.so.2", true},
		{"nvshmem", "libnvshmem_host.so.3", true},
	},
	13: {
		{"cu13", "libcudart.so.13", false},
		{"cu13", "libnvrtc.so.13", false},
		{"cu13", "libnvJitLink.so.13", false},
		{"cu13", "libcublasLt.so.13", false},
		{"cu13", "libcublas.so.13", false},
		{"cu13", "libcusparse.so.12", false},
		{"cu13", "libcusolver.so.12", false},
		{"cu13", "libcufft.so.12", false},
		{"cudnn", "libcudnn.so.9", false},
		{"cu13", "libcupti.so.13", true},
		{"nccl", "libnccl.so.2", true},
		{"nvshmem", "libnvshmem_host.so.3", true},
	},
}

// nvidiaFolder is where NVIDIA's wheels lie unpacked for a plugin: beside its folder
// (the set-up's), or one above that (Python's site-packages); "" where there is none
// and the libraries are the system's.
func nvidiaFolder(plugin string) string {
	for _, up := range []string{"../nvidia", "../../nvidia"} {
		dir := filepath.Join(filepath.Dir(plugin), up)
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
	}
	return ""
}

// cudaMajor is the CUDA that a plugin is built for: by the folder that it lies in,
// such as jax_plugins/xla_cuda13, or by the libraries beside it; 0 where neither says.
func cudaMajor(plugin string) int {
	nvidia := nvidiaFolder(plugin)
	for _, major := range []int{13, 12} {
		if strings.HasSuffix(filepath.Dir(plugin), fmt.Sprintf("cuda%d", major)) {
			return major
		}
		if nvidia == "" {
			continue
		}
		if _, err := os.Stat(filepath.Join(nvidia, libraries[major][0].folder)); err == nil {
			return major
		}
	}
	return 0
}

// missingLibrary is one that does not load.
type missingLibrary struct {
	library
	why error
}

func (m missingLibrary) Error() string {
	return fmt.Sprintf("library %s does not load (%v): run `make cuda`, or put its folder into $LD_LIBRARY_PATH", m.name, m.why)
}

// loadLibraries loads what a plugin will open, so that the plugin finds it wherever
// it lies, without $LD_LIBRARY_PATH: a library that is loaded already is found by its
// name. It returns those that don't load.
func loadLibraries(plugin string) (missing []missingLibrary) {
	nvidia := nvidiaFolder(plugin)
	for _, l := range libraries[cudaMajor(plugin)] {
		name := l.name
		if nvidia != "" {
			if path := filepath.Join(nvidia, l.folder, "lib", l.name); exists(path) {
				name = path
			}
		}
		if _, err := openLibrary(name); err != nil {
			missing = append(missing, missingLibrary{l, err})
		}
	}
	return missing
}

// toolFolder is where XLA finds ptxas and libdevice; "" leaves it to search the
// system.
func toolFolder(plugin string) string {
	nvidia := nvidiaFolder(plugin)
	for _, folder := range []string{"cu13", "cuda_nvcc"} {
		if dir := filepath.Join(nvidia, folder); nvidia != "" && exists(filepath.Join(dir, "bin", "ptxas")) {
			return dir
		}
	}
	return ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
