// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

//go:build cgo

package backend

/*
#cgo linux LDFLAGS: -ldl
#include <dlfcn.h>
#include <stdlib.h>

typedef int (*call_uint)(unsigned);
typedef int (*call_int)(int *);
typedef int (*call_get)(int *, int);
typedef int (*call_name)(char *, int, int);
typedef int (*call_size)(size_t *, int);

static int with_uint(void *f, unsigned x) { return ((call_uint)f)(x); }
static int with_int(void *f, int *x) { return ((call_int)f)(x); }
static int with_get(void *f, int *x, int i) { return ((call_get)f)(x, i); }
static int with_name(void *f, char *s, int n, int device) { return ((call_name)f)(s, n, device); }
static int with_size(void *f, size_t *n, int device) { return ((call_size)f)(n, device); }
*/
import "C"

import (
	"errors"
	"fmt"
	"unsafe"
)

// openLibrary loads a library for as long as the process lives; what is loaded
// later and asks for one of its name is given this one.
func openLibrary(path string) (unsafe.Pointer, error) {
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	handle := C.dlopen(name, C.RTLD_LAZY|C.RTLD_LOCAL)
	if handle == nil {
		return nil, errors.New(C.GoString(C.dlerror()))
	}
	return handle, nil
}

// askDriver asks the driver's library (CUDA Driver API) for its version and devices.
func askDriver(library string) (driver, error) {
	handle, err := openLibrary(library)
	if err != nil {
		return driver{}, fmt.Errorf("the NVIDIA driver's library does not load (%w): install the driver, %d or newer", err, oldestDrivers[13])
	}
	var missing error
	find := func(symbol string) unsafe.Pointer {
		name := C.CString(symbol)
		defer C.free(unsafe.Pointer(name))
		f := C.dlsym(handle, name)
		if f == nil && missing == nil {
			missing = fmt.Errorf("%s is no NVIDIA driver's library (it lacks %s): install the driver anew", library, symbol)
		}
		return f
	}
	initialize, version, count := find("cuInit"), find("cuDriverGetVersion"), find("cuDeviceGetCount")
	get, name, memory := find("cuDeviceGet"), find("cuDeviceGetName"), find("cuDeviceTotalMem_v2")
	if missing != nil {
		return driver{}, missing
	}
	if code := C.with_uint(initialize, 0); code != 0 {
		return driver{}, driverError(int(code))
	}
	var d driver
	var n C.int
	if C.with_int(version, &n) == 0 {
		d.cuda = int(n)
	}
	if code := C.with_int(count, &n); code != 0 {
		return driver{}, driverError(int(code))
	}
	for i := range n {
		var device C.int
		if code := C.with_get(get, &device, i); code != 0 {
			return driver{}, driverError(int(code))
		}
		var text [256]C.char
		var size C.size_t
		gpu := GPU{Name: "unnamed GPU"}
		if C.with_name(name, &text[0], C.int(len(text)), device) == 0 {
			gpu.Name = C.GoString(&text[0])
		}
		if C.with_size(memory, &size, device) == 0 {
			gpu.Memory = int64(size)
		}
		d.gpus = append(d.gpus, gpu)
	}
	if len(d.gpus) == 0 {
		return driver{}, driverError(errNoDevice)
	}
	return d, nil
}

// errNoDevice is CUDA_ERROR_NO_DEVICE.
const errNoDevice = 100

// driverError says what an error of the driver (CUresult) asks for.
func driverError(code int) error {
	switch code {
	case errNoDevice:
		return errors.New("the NVIDIA driver offers no GPU: look at $CUDA_VISIBLE_DEVICES and nvidia-smi")
	case 803: // CUDA_ERROR_SYSTEM_DRIVER_MISMATCH
		return errors.New("the NVIDIA driver's library and kernel module are of different versions: restart the machine")
	}
	return fmt.Errorf("the NVIDIA driver does not start (CUDA error %d): see what nvidia-smi says", code)
}
