// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"
)

// latex is the table for a paper, in the rules of booktabs and as a
// longtable, which goes on over pages: Table 2 has more cells than one holds.
// It fits the text width of LaTeX's own article class. The reasons are too
// long for it; they are in the CSV.
func (t Table) latex() []byte {
	var b strings.Builder
	cols := columns(t)
	head := []string{"row", "column", "metric", "paper", "ours"}
	for _, c := range cols {
		// Two lines: the words are wider than the numbers.
		words := strings.NewReplacer(" ", ` \\ `, "/", `/ \\ `).Replace(c.name)
		head = append(head, `\begin{tabular}[t]{@{}r@{}}`+words+`\end{tabular}`)
	}
	head = append(head, "verdict")
	words := func(width string) string {
		return `>{\raggedright\arraybackslash}p{` + width + `\linewidth}`
	}
	paper, ours := "r", "r"
	for _, c := range t.Cells {
		if c.OursText != "" { // sets of symbols, longer than a number
			paper, ours = words(".2"), words(".2")
			break
		}
		if c.PublishedStd != nil { // below the number
			paper = `>{\raggedleft\arraybackslash}p{.09\linewidth}`
		}
	}
	b.WriteString("% Needs \\usepackage{booktabs,longtable,array}.\n{\\scriptsize\\setlength{\\tabcolsep}{2pt}\n")
	fmt.Fprintf(&b, "\\begin{longtable}{@{}%s@{}}\n",
		words(".15")+words(".14")+words(".09")+paper+ours+strings.Repeat("r", len(cols))+words(".12"))
	fmt.Fprintf(&b, "\\caption{%s}\n\\label{tab:%s}\\\\\n", texText(t.Title), fileName(t.ID))
	headLine := strings.Join(head, " & ") + " \\\\\n\\midrule\n"
	fmt.Fprintf(&b, "\\toprule\n%s\\endfirsthead\n\\toprule\n%s\\endhead\n\\bottomrule\n\\endlastfoot\n", headLine, headLine)
	for _, c := range t.Cells {
		fields := []string{c.Row, c.Column, c.metric(), c.paper(), c.ours()}
		for _, col := range cols {
			fields = append(fields, short(col.value(c)))
		}
		fields = append(fields, shown(c.Verdict))
		for i, f := range fields {
			fields[i] = texText(f)
		}
		b.WriteString(strings.Join(fields, " & ") + " \\\\\n")
	}
	b.WriteString("\\end{longtable}}\n")
	if t.Note != "" {
		fmt.Fprintf(&b, "\\par\\noindent{\\footnotesize %s}\n", texText(t.Note))
	}
	return []byte(b.String())
}

// texMath is what stands in our texts and needs a command of mathematics.
var texMath = map[rune]string{
	'<': "<", '>': ">", '|': "|", // text fonts of the old encoding lack them
	'β': `\beta`, 'ν': `\nu`, 'ρ': `\rho`, 'μ': `\mu`, 'σ': `\sigma`, 'λ': `\lambda`, 'ε': `\varepsilon`,
	'θ': `\theta`, 'π': `\pi`, 'Σ': `\Sigma`, 'Δ': `\Delta`, '∂': `\partial`, 'φ': `\varphi`, 'α': `\alpha`,
	'±': `\pm`, '×': `\times`, '·': `\cdot`, '≈': `\approx`, '≤': `\le`, '≥': `\ge`, '≠': `\ne`, '−': "-",
	'√': `\surd`, '∞': `\infty`, '→': `\to`, '∈': `\in`, '°': `^\circ`,
	'⁰': "^0", '¹': "^1", '²': "^2", '³': "^3", '⁴': "^4", '⁵': "^5", '⁶': "^6", '⁷': "^7", '⁸': "^8", '⁹': "^9", '⁻': "^-",
	'₀': "_0", '₁': "_1", '₂': "_2", '₃': "_3",
}

// texPlain is what needs a command of text.
var texPlain = map[rune]string{
	'\\': `\textbackslash{}`, '{': `\{`, '}': `\}`, '$': `\$`, '&': `\&`, '#': `\#`, '%': `\%`,
	'_': `\_\allowbreak{}`, ';': `;\allowbreak{}`, // explained_variance, beta=30;rank=adaptive
	'^': `\textasciicircum{}`, '~': `\textasciitilde{}`, '\n': " ", '\t': " ", '\r': " ",
	'–': "--", '—': "---", '…': `\ldots{}`, '‘': "`", '’': "'", '“': "``", '”': "''", '\u00a0': "~",
	'*': "{*}", '[': "{[}", // first in a row they would be read as arguments of the row's end before
	'"': "''", '§': `\S{}`, 'é': `\'e`, 'ö': `\"o`, 'ü': `\"u`, 'ä': `\"a`,
}

// texText is s for LaTeX, as ASCII that every engine reads. What is unknown is
// shown by its code, which is better than a document that doesn't compile.
func texText(s string) string {
	var b strings.Builder
	for _, r := range s {
		plain, isPlain := texPlain[r]
		math, isMath := texMath[r]
		switch {
		case isPlain:
			b.WriteString(plain)
		case isMath:
			b.WriteString(`\ensuremath{` + math + `}`)
		case r < ' ' || r > '~':
			fmt.Fprintf(&b, "(U+%04X)", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
