// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package reproduce

import (
	"fmt"
	"slices"
	"strings"

	"pinn.example/repro/data"
)

// timeCell is the id of one of Table 1's times.
func timeCell(n burgersNet, part string) string {
	return data.CellID("hyperpinn", "table1", n.name, fmt.Sprintf("Evaluation time (%s)", part), "time")
}

// nearRatio are measures of a ratio of two times that is within 10 % of that of two
// published ones.
func nearRatio(name, over, under string) (least, most measure, err error) {
	a, err := data.Find(over)
	if err != nil {
		return least, most, err
	}
	b, err := data.Find(under)
	if err != nil {
		return least, most, err
	}
	published := a.Value / b.Value
	return measure{name: name, limit: (1 - relativeMargin) * published, least: true}, measure{name: name, limit: (1 + relativeMargin) * published}, nil
}

// clocks collects where networks were timed.
type clocks struct {
	machines []string
	dispatch []float64
}

// times are the times of one seed's networks, in µs; nil where one was not timed, or
// not on the machine of the others. How many threads a run had goes by the size of its
// network, and is told.
func (c *clocks) times(all []recorded, micros ...string) []float64 {
	processor := func(f recorded) machine {
		m := machineOf(f.record)
		m.threads = 0
		m.formulation = "" // of the training: an evaluation has no derivatives
		return m
	}
	var times []float64
	for i, f := range all {
		t := f.record.Manifest.Micros[micros[i]]
		if t == 0 || processor(f) != processor(all[0]) {
			return nil
		}
		times = append(times, t)
	}
	for _, f := range all {
		m := processor(f)
		m.threads = f.record.Manifest.Backend.Threads
		if m := m.String(); !slices.Contains(c.machines, m) {
			c.machines = append(c.machines, m)
		}
		c.dispatch = append(c.dispatch, f.record.Manifest.Micros[microsDispatch])
	}
	return times
}

func (c *clocks) String() string {
	if len(c.dispatch) == 0 {
		return ""
	}
	return fmt.Sprintf("times are of the processor that trained (%s), not of the paper's V100, and a call without arithmetic takes %s µs of them in the median",
		strings.Join(c.machines, "; "), number(quantile(c.dispatch, .5)))
}

// predictionTimes is P06.
func predictionTimes() ClaimTest {
	return ClaimTest{
		ID: "P06",
		Rule: "of the times of one prediction, each the median of 1,000 calls: the Large PINN's / the main network's is within 10 % of 158/86, and the main network's is below the Small PINN's. " +
			"If only the main network's is below both, for three seeds of four or more, it is the same conclusion. A seed counts where one machine timed all three, on however many of its threads; what they have learnt, and how long, makes no difference",
		find: func(s *Session, p Preset) (finding, error) {
			hyper, small, large := burgersNets[hyperNet], burgersNets[smallNet], burgersNets[largeNet]
			least, most, err := nearRatio("Large PINN / main network", timeCell(large, "total"), timeCell(hyper, "Main"))
			if err != nil {
				return finding{}, err
			}
			toSmall := measure{name: "main network / Small PINN", limit: below(1), comparison: true}
			toLarge := measure{name: "main network / Large PINN", limit: below(1), comparison: true}
			t := trial{seeds: len(p.Burgers.Seeds)}
			var clock clocks
			for _, seed := range p.Burgers.Seeds {
				all, err := s.burgersOf(p, seed, hyperNet, smallNet, largeNet)
				if err != nil {
					return finding{}, err
				}
				times := clock.times(all, microsMain, microsAll, microsAll)
				if times == nil {
					continue
				}
				t.found++
				for _, f := range all {
					t.countEvaluations(f.record)
				}
				least.add(times[largeNet]/times[hyperNet], false)
				most.add(times[largeNet]/times[hyperNet], false)
				toSmall.add(times[hyperNet]/times[smallNet], false)
				toLarge.add(times[hyperNet]/times[largeNet], false)
			}
			t.main, t.others, t.remark = []measure{toSmall, toLarge}, []measure{least, most}, clock.String()
			return t.finding(timeCell(hyper, "Main"), timeCell(small, "total"), timeCell(large, "total")), nil
		},
	}
}

// generationTime is P07.
func generationTime() ClaimTest {
	return ClaimTest{
		ID: "P07",
		Rule: "the time in which the hypernetwork writes the weights / that of one prediction of the main network, each the median of 1,000 calls, is within 10 % of 158/86. " +
			"If it is above 1 for three seeds of four or more it is the same conclusion: once per ν it is by construction. What was learnt, and how long, makes no difference",
		find: func(s *Session, p Preset) (finding, error) {
			hyper := burgersNets[hyperNet]
			least, most, err := nearRatio("hypernetwork / main network", timeCell(hyper, "Hyper"), timeCell(hyper, "Main"))
			if err != nil {
				return finding{}, err
			}
			longer := measure{name: least.name, limit: above(1), least: true, comparison: true}
			t := trial{seeds: len(p.Burgers.Seeds)}
			var clock clocks
			for _, seed := range p.Burgers.Seeds {
				all, err := s.burgersOf(p, seed, hyperNet)
				if err != nil {
					return finding{}, err
				}
				if all == nil {
					continue
				}
				micros := all[0].record.Manifest.Micros
				writes, main := clock.times(all, microsHyper), micros[microsMain]
				if writes == nil || main == 0 {
					continue
				}
				t.found++
				t.countEvaluations(all[0].record)
				for _, m := range []*measure{&least, &most, &longer} {
					m.add(writes[0]/main, false)
				}
			}
			t.main, t.others, t.remark = []measure{longer}, []measure{least, most}, clock.String()
			return t.finding(timeCell(hyper, "Hyper"), timeCell(hyper, "Main")), nil
		},
	}
}
