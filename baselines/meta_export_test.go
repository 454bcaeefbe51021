// Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

package baselines

// DrawTasks is how MAML and Reptile choose the tasks of a step.
var DrawTasks = draw

// TasksRole is the stream that they draw from.
const TasksRole = tasksRole
