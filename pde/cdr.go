// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package pde

import (
	"errors"
	"fmt"
	"math"
	"strings"

	. "github.com/gomlx/gomlx/core/graph"
)

// CDR is the convection-diffusion-reaction family (Hyper-LR-PINN sec. 4.1)
//
//	u_t + β u_x − ν u_xx − ρ u (1 − u) = 0,   x ∈ [0, 2π) periodic, t ∈ [0, 1],
//
// and its members with one or two of the three terms. A term that a member
// lacks is not in its equation, and its entry of μ must be 0; μ is always
// (beta, nu, rho), real numbers without units.
type CDR struct {
	kind     cdrKind
	initial  Initial
	boundary string
	truth    string
}

// Boundary conditions of the CDR family.
const (
	// BoundaryValue matches u(0, t) = u(2π, t) alone, as published (footnote 4
	// and the authors' loss). With diffusion this does not determine the
	// solution: any trace g(t) with g(0) = u(0, 0) is met exactly by a solution
	// of its own.
	BoundaryValue = "value"
	// BoundaryValueAndSlope matches u_x too where the member has diffusion,
	// which makes the problem periodic.
	BoundaryValueAndSlope = "value+slope"
)

// What a CDR problem takes for its reference solution.
const (
	// TruthAccurate is the solution of the periodic problem.
	TruthAccurate = "accurate"
	// TruthAsPublished is what the authors' generator writes, which has a first
	// order splitting error and wrong time labels where there is reaction with
	// convection or diffusion (rel L2 2e-3 to 5e-3). It exists on the published
	// grid only.
	TruthAsPublished = "as-published"
)

// CDRSettings are the choices of a CDR problem besides its equation.
type CDRSettings struct {
	// Boundary is BoundaryValue or BoundaryValueAndSlope. If empty, it is
	// BoundaryValue. A member without diffusion has no slope condition, and is
	// the same problem either way.
	Boundary string `json:"boundary,omitempty"`
	// Truth is TruthAccurate or TruthAsPublished. If empty, it is
	// TruthAccurate. Nothing that is trained depends on it.
	Truth string `json:"truth,omitempty"`
}

// cdrKind is a member of the family: its name and the terms it has.
type cdrKind struct {
	name                            string
	convection, diffusion, reaction bool
}

// cdrKinds lists the members; names are the paper's and, where it has none,
// made like them.
var cdrKinds = []cdrKind{
	{"convection", true, false, false},
	{"diffusion", false, true, false},
	{"reaction", false, false, true},
	{"convection-diffusion", true, true, false},
	{"reaction-diffusion", false, true, true},
	{"convection-reaction", true, false, true},
	{"cdr", true, true, true},
}

// CDRKinds returns the names of the family's members.
func CDRKinds() []string {
	names := make([]string, len(cdrKinds))
	for i, kind := range cdrKinds {
		names[i] = kind.name
	}
	return names
}

var _ Problem = (*CDR)(nil)

// NewCDR returns the member of the CDR family that kind names (see CDRKinds)
// under an initial condition. Settings may be nil for the defaults.
func NewCDR(kind string, initial Initial, settings *CDRSettings) (*CDR, error) {
	c := &CDR{initial: initial, boundary: BoundaryValue}
	for _, k := range cdrKinds {
		if k.name == kind {
			c.kind = k
		}
	}
	if c.kind.name == "" {
		return nil, fmt.Errorf("unknown kind %q of convection-diffusion-reaction problem; use one of %s",
			kind, strings.Join(CDRKinds(), ", "))
	}
	if initial.Name == "" || initial.At == nil {
		return nil, errors.New("the initial condition lacks a name or a function; set both Initial.Name and Initial.At")
	}

	var s CDRSettings
	if settings != nil {
		s = *settings
	}
	switch s.Boundary {
	case "", BoundaryValue:
	case BoundaryValueAndSlope:
		if c.kind.diffusion {
			c.boundary = BoundaryValueAndSlope
		}
	default:
		return nil, fmt.Errorf("unknown boundary condition %q; use one of %s, %s", s.Boundary, BoundaryValue, BoundaryValueAndSlope)
	}
	return c.WithTruth(s.Truth)
}

// WithTruth returns the same problem with another reference solution:
// TruthAccurate (or empty) or TruthAsPublished.
func (c *CDR) WithTruth(truth string) (*CDR, error) {
	switch truth {
	case "":
		truth = TruthAccurate
	case TruthAccurate, TruthAsPublished:
	default:
		return nil, fmt.Errorf("unknown truth %q; use one of %s, %s", truth, TruthAccurate, TruthAsPublished)
	}
	other := *c
	other.truth = truth
	return &other, nil
}

// AsPublished returns the problem with the authors' own reference solution where
// that has a fault (see TruthAsPublished), and nil where it has none.
func (c *CDR) AsPublished() *CDR {
	if !c.kind.reaction || !c.kind.convection && !c.kind.diffusion {
		return nil
	}
	other := *c
	other.truth = TruthAsPublished
	return &other
}

// Truth returns which reference solution the problem has: TruthAccurate or
// TruthAsPublished.
func (c *CDR) Truth() string { return c.truth }

// ID implements Problem. The truth is not in it: no training reads it.
func (c *CDR) ID() string {
	return fmt.Sprintf("%s;u0=%s;boundary=%s", c.kind.name, c.initial.Name, c.boundary)
}

// Coordinates implements Problem: x, then t, as the authors' networks read them.
func (c *CDR) Coordinates() []Coordinate {
	return []Coordinate{
		{Name: "x", Low: 0, High: 2 * math.Pi, Periodic: true},
		{Name: "t", Low: 0, High: 1},
	}
}

// Parameters implements Problem.
func (c *CDR) Parameters() []string { return []string{"beta", "nu", "rho"} }

// Check implements Problem.
func (c *CDR) Check(mu []float64) error {
	names := c.Parameters()
	if len(mu) != len(names) {
		return fmt.Errorf("%s: mu has %d entries; give %d: %s", c.kind.name, len(mu), len(names), strings.Join(names, ", "))
	}
	active := []bool{c.kind.convection, c.kind.diffusion, c.kind.reaction}
	for i, m := range mu {
		if math.IsNaN(m) || math.IsInf(m, 0) {
			return fmt.Errorf("%s: %s is %g; give a finite number", c.kind.name, names[i], m)
		}
		if !active[i] && m != 0 {
			return fmt.Errorf("%s: %s is %g, but the equation has no such term; set it to 0 or use another kind", c.kind.name, names[i], m)
		}
	}
	if mu[1] < 0 {
		return fmt.Errorf("%s: nu is %g; backward diffusion is ill-posed, give nu ≥ 0", c.kind.name, mu[1])
	}
	return nil
}

// Equation implements Problem.
func (c *CDR) Equation(mu []*Node) Equation {
	if len(mu) != 3 {
		panic(fmt.Errorf("pde: expected mu to be beta, nu, rho, got %d nodes", len(mu)))
	}
	beta, nu, rho := mu[0], mu[1], mu[2]

	// u_t + β u_x − ν u_xx − ρ u (1 − u)
	equation := Equation{Linear: map[string]any{"t": 1.0}}
	if c.kind.convection {
		equation.Linear["x"] = beta
	}
	if c.kind.diffusion {
		equation.Linear["xx"] = Neg(nu)
	}
	if c.kind.reaction {
		equation.Rest = func(at At) *Node {
			u := at.U
			return Neg(Mul(rho, Mul(u, OneMinus(u))))
		}
	}
	return equation
}
