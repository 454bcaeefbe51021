// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// phoneWidth is a phone's, in CSS pixels; pageWidth a laptop's.
const phoneWidth = 390

// bookScript says what of a page is not as it should be, once MathJax has set the formulas.
const bookScript = `(async () => {
	const problems = [];
	const formulas = [...document.querySelectorAll(".math")];
	if (formulas.length > 0) {
		for (let i = 0; i < 100 && !window.MathJax?.startup?.promise; i++) await new Promise(r => setTimeout(r, 50));
		await window.MathJax?.startup?.promise;
	}
	for (const f of formulas) {
		if (!f.querySelector("mjx-container svg")) problems.push("a formula is not set: " + f.textContent.slice(0, 60));
		const error = f.querySelector("[data-mjx-error]");
		if (error) problems.push("a formula does not parse: " + error.getAttribute("data-mjx-error"));
	}
	for (const img of document.images) {
		img.loading = "eager";
		await img.decode().catch(() => {});
		if (img.naturalWidth === 0) problems.push("a picture does not load: " + img.src.slice(-60));
	}
	// The page, or the column of its text, scrolls sideways; code, tables and formulas within may.
	const root = document.documentElement;
	const scrolls = e => e === root || ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
	for (const box of [root, ...document.querySelectorAll(".main, .content, .article-container, article")]) {
		if (!scrolls(box) || box.scrollWidth <= box.clientWidth) continue;
		const edge = box.getBoundingClientRect().left - box.scrollLeft + box.clientWidth;
		const within = e => e === box || !scrolls(e) && within(e.parentElement);
		const wide = [...box.querySelectorAll("*")].find(e => e.getBoundingClientRect().right > edge + 1 && within(e.parentElement));
		problems.push(box.className + " scrolls sideways (" + box.scrollWidth + " px): " + (wide || box).outerHTML.slice(0, 120));
		break;
	}
	if (document.body.innerText.trim().length < 100) problems.push("the page is blank");
	const pictures = [...document.querySelectorAll(".cell_output img, .cell_output svg")].filter(e => !e.closest("mjx-container"));
	return { problems, formulas: formulas.length, pictures: pictures.length, lessons: document.querySelectorAll(".sidebar-tree a[href]").length };
})()`

// checkBook opens each page of the book from its folder, as wide as a laptop's window and as a phone, and
// searches it for a word.
func checkBook(browser context.Context, folder, out string) error {
	pages, err := filepath.Glob(filepath.Join(folder, "*.html"))
	if err != nil {
		return err
	}
	// Sphinx's own pages of indices and of search results have nothing to show by themselves.
	pages = slices.DeleteFunc(pages, func(p string) bool {
		return slices.Contains([]string{"search.html", "genindex.html"}, filepath.Base(p))
	})
	if !slices.ContainsFunc(pages, func(p string) bool { return filepath.Base(p) == "index.html" }) {
		return missing("%s holds no book: run make book", folder)
	}
	t, end, err := newTab(browser, 5*time.Minute)
	defer end()
	if err != nil {
		return err
	}
	var problems []string
	formulas, pictures := 0, 0
	for _, page := range pages {
		name := strings.TrimSuffix(filepath.Base(page), ".html")
		for _, width := range []int64{pageWidth, phoneWidth} {
			if err := chromedp.Do(t.ctx, chromedp.EmulateViewport(width, pageHeight), chromedp.Navigate(fileURL(page))); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			seen, err := ask[struct {
				Problems                    []string
				Formulas, Pictures, Lessons int
			}](t, bookScript)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if seen.Lessons < len(pages)-1 {
				seen.Problems = append(seen.Problems, fmt.Sprintf("the sidebar has %d links for %d pages", seen.Lessons, len(pages)))
			}
			for _, p := range seen.Problems {
				problems = append(problems, fmt.Sprintf("%s at %d px: %s", name, width, p))
			}
			formulas, pictures = max(formulas, seen.Formulas), max(pictures, seen.Pictures)
			if err := t.save(filepath.Join(out, fmt.Sprintf("book-%s-%d.png", name, width))); err != nil {
				return err
			}
		}
	}
	// A check that never saw a formula or a picture has checked little.
	if formulas == 0 || pictures == 0 {
		problems = append(problems, "no page has a formula, or none a picture")
	}
	if err := t.search(folder); err != nil {
		problems = append(problems, err.Error())
	}
	outside, _ := t.heard()
	for _, address := range outside {
		problems = append(problems, "a page asks the network for "+address)
	}
	if len(problems) > 0 {
		return errors.New(strings.Join(problems, "\n  "))
	}
	fmt.Printf("browser: the book's %d pages, at %d and %d px\n", len(pages), pageWidth, phoneWidth)
	return nil
}

// search looks for a word that every lesson has.
func (t *tab) search(folder string) error {
	address := fileURL(filepath.Join(folder, "search.html")) + "?q=loss"
	if err := chromedp.Do(t.ctx, chromedp.EmulateViewport(pageWidth, pageHeight), chromedp.Navigate(address)); err != nil {
		return err
	}
	found, err := ask[int](t, `(async () => {
	const count = () => document.querySelectorAll("#search-results li a").length;
	for (let i = 0; i < 100 && count() === 0; i++) await new Promise(r => setTimeout(r, 50));
	return count();
})()`)
	if err == nil && found == 0 {
		err = errors.New("the search does not find loss")
	}
	return err
}

// save takes a picture of the page, to partHeight at most.
func (t *tab) save(file string) error {
	height, err := ask[int64](t, "document.documentElement.scrollHeight")
	if err != nil {
		return err
	}
	width, err := ask[int64](t, "innerWidth")
	if err != nil {
		return err
	}
	if err := chromedp.Do(t.ctx, chromedp.EmulateViewport(width, min(height, partHeight))); err != nil {
		return err
	}
	png, err := chromedp.Run(t.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return err
	}
	return os.WriteFile(file, png, 0o644)
}

func fileURL(path string) string {
	absolute, err := filepath.Abs(path)
	if err != nil {
		absolute = path
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(absolute)}).String()
}
