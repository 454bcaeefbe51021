// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	_ "embed"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed page.js
var pageScript string

const (
	pageWidth  = 1280
	pageHeight = 900
	// A picture taller than Chromium's textures (16,384 px) comes out wrong, and one taller than this is
	// awkward to look at.
	partHeight = 6000
)

// startBrowser starts Chromium. It can reach 127.0.0.1 and nothing else, so a page that needs the
// network shows it.
func startBrowser(ctx context.Context, chromium, tmp string, m mark) (context.Context, func(), error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.UserDataDir(filepath.Join(tmp, "profile")),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(pageWidth, pageHeight),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Env(string(m)))
	allocator, stop := chromedp.NewExecAllocator(ctx, options...)
	browser, end := chromedp.NewContext(allocator)
	if err := chromedp.Do(browser); err != nil { // starts it; the tabs then share it
		stop()
		return nil, nil, fmt.Errorf("Chromium does not start: %w", err)
	}
	return browser, func() {
		_ = chromedp.Cancel(browser) // waits for Chromium
		end()
		stop()
	}, nil
}

// A tab is a page in the browser: JupyterLab that shows one notebook, or the book.
type tab struct {
	ctx context.Context

	mu      sync.Mutex
	outside []string // addresses that the page asked for and that are not the server's
	thrown  []string // errors of the page's scripts
}

// newTab opens a tab, for as long as the time-out.
func newTab(browser context.Context, timeout time.Duration) (*tab, func(), error) {
	ctx, end := chromedp.NewContext(browser)
	if err := chromedp.Do(ctx); err != nil { // opens the tab: opened below, it would end with the time-out
		return nil, end, err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	stop := func() { cancel(); end() }
	t := &tab{ctx: ctx}
	if err := chromedp.Listen(ctx, t.listen); err != nil {
		return t, stop, err
	}
	return t, stop, chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		// A tab behind another one gets no animation frames, and Lab draws in them.
		_, err := cdp.Call(ctx, t, page.BringToFront, cdp.Empty{})
		return err
	}))
}

// openNotebook opens a notebook in a tab of its own, in a workspace of its own.
func openNotebook(browser context.Context, s *server, name string, timeout time.Duration) (*tab, func(), error) {
	t, stop, err := newTab(browser, timeout)
	if err != nil {
		return t, stop, err
	}
	address := fmt.Sprintf("%s/lab/workspaces/%s?token=%s", s.address, url.PathEscape(strings.TrimSuffix(name, ".ipynb")), s.token)
	err = chromedp.Do(t.ctx, chromedp.Navigate(address))
	if err == nil {
		_, err = chromedp.Run(t.ctx, chromedp.Poll[bool]("!!window.jupyterapp", chromedp.WithPollingInterval(100*time.Millisecond), chromedp.WithPollingTimeout(time.Minute)))
	}
	if err != nil {
		return t, stop, fmt.Errorf("JupyterLab does not come up in the browser: %w", err)
	}
	if err := t.do(pageScript); err != nil {
		return t, stop, err
	}
	if err := t.do(fmt.Sprintf("check.open(%q)", name)); err != nil {
		return t, stop, fmt.Errorf("JupyterLab does not open the notebook: %w", err)
	}
	return t, stop, nil
}

func (t *tab) listen(event any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err == nil && u.Host != "" && u.Hostname() != "127.0.0.1" {
			t.outside = append(t.outside, e.Request.URL)
		}
	case *runtime.EventExceptionThrown:
		t.thrown = append(t.thrown, (&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error())
	}
}

// heard is what the page asked of the network, and its scripts' errors.
func (t *tab) heard() (outside, thrown []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.outside, t.thrown
}

// forget forgets the scripts' errors so far.
func (t *tab) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.thrown = nil
}

// ask evaluates a JavaScript expression in the tab, waits for its promise, and decodes what it gives.
func ask[T any](t *tab, expression string) (T, error) {
	return chromedp.Run(t.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// do evaluates a JavaScript expression for what it does.
func (t *tab) do(expression string) error {
	_, err := ask[chromedp.Void](t, expression)
	return err
}

// pictures saves the whole notebook as name.png, or as name-1.png, name-2.png … when it is long.
func (t *tab) pictures(out, name string) error {
	size, err := ask[struct{ Notebook, Around int64 }](t, "check.height()")
	if err != nil {
		return err
	}
	old, _ := filepath.Glob(filepath.Join(out, name+"*.png"))
	for _, file := range old {
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	parts := (size.Notebook + partHeight - 1) / partHeight
	for part := range parts {
		file := filepath.Join(out, name+".png")
		if parts > 1 {
			file = filepath.Join(out, fmt.Sprintf("%s-%d.png", name, part+1))
		}
		height := min(size.Notebook-part*partHeight, partHeight) + size.Around
		if err := chromedp.Do(t.ctx,
			chromedp.EmulateViewport(pageWidth, height),
			chromedp.Sleep(500*time.Millisecond), // Lab lays out anew
			chromedp.Evaluate[chromedp.Void](fmt.Sprintf("check.scroll(%d)", part*partHeight)),
			chromedp.Sleep(500*time.Millisecond)); err != nil {
			return err
		}
		png, err := chromedp.Run(t.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, png, 0o644); err != nil {
			return err
		}
	}
	return nil
}
