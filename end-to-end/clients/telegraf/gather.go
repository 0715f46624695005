// Runs telegraf's mesos input once: gather MASTER-URL AGENT-URL
//
// Prints a line for each field, "role name value", and ends with 1 if the input met an error.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/plugins/inputs"
	"github.com/influxdata/telegraf/plugins/inputs/mesos"
)

// What the input calls; all else of the interface is nil.
type accumulator struct {
	telegraf.Accumulator
	fields chan string
	errors chan error
}

func (a accumulator) AddFields(name string, fields map[string]any, tags map[string]string, _ ...time.Time) {
	for field, value := range fields {
		a.fields <- fmt.Sprint(tags["role"], " ", field, " ", value)
	}
}

func (a accumulator) AddError(err error) {
	if err != nil {
		a.errors <- err
	}
}

func main() {
	input := inputs.Inputs["mesos"]().(*mesos.Mesos)
	input.Timeout = 5000
	input.Masters = []string{os.Args[1]}
	input.Slaves = []string{os.Args[2]}
	// Far more than there are: the input runs to its end before anything is printed.
	to := accumulator{fields: make(chan string, 100000), errors: make(chan error, 100)}
	to.AddError(input.Gather(to))
	close(to.fields)
	close(to.errors)
	for field := range to.fields {
		fmt.Println(field)
	}
	failed := false
	for err := range to.errors {
		fmt.Fprintln(os.Stderr, err)
		failed = true
	}
	if failed {
		os.Exit(1)
	}
}
