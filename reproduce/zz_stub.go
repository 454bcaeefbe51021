package reproduce

func figure1() Experiment { return Experiment{ID: "hyper-lr-pinn/fig1"} }
func figure2() Experiment { return Experiment{ID: "hyper-lr-pinn/fig2"} }
func figure4() Experiment { return Experiment{ID: "hyper-lr-pinn/fig4"} }
func table1() Experiment  { return Experiment{ID: "hyper-lr-pinn/table1"} }
func table3() Experiment  { return Experiment{ID: "hyper-lr-pinn/table3"} }
