// Command verifier checks an export of an election and counts it anew. It was written from
// docs/reference/verify-yourself.md, shares nothing with Tally's own code, and needs nothing but Go and golang.org/x/mod.
//
//	verifier EXPORT-FOLDER [VERIFIER-KEY]
//
// It prints the fingerprint of what it counted; or what is wrong and where, and ends with 1.
package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// toldFaults is how many faults are told one by one: results of another election differ in every row.
const toldFaults = 20

// faults is what is wrong, each with its place.
type faults []string

func (f *faults) add(where, format string, values ...any) {
	*f = append(*f, where+": "+fmt.Sprintf(format, values...))
}

func main() {
	if len(os.Args) < 2 || len(os.Args) > 3 {
		fmt.Fprintln(os.Stderr, "usage: verifier EXPORT-FOLDER [VERIFIER-KEY]")
		os.Exit(2)
	}
	summary, wrong := verify(os.Args[1], strings.Join(os.Args[2:], ""))
	if len(wrong) == 0 {
		fmt.Print(summary)
		return
	}
	for i, fault := range wrong {
		if i == toldFaults {
			fmt.Fprintf(os.Stderr, "and %d more\n", len(wrong)-toldFaults)
			break
		}
		fmt.Fprintln(os.Stderr, fault)
	}
	os.Exit(1)
}

// verify gives what was proved, as lines, or what is wrong. Without a key the one that the export names is believed.
func verify(folder, key string) (string, faults) {
	x := openExport(folder, key)
	if len(x.wrong) > 0 {
		return "", x.wrong
	}
	said := fmt.Sprintf("election %s\ndefinition %s\nposition %s\n", x.head.election, x.head.definition, x.head.position())
	devices := newDevices(x.election, &x.wrong)
	folds := make([]*fold, len(x.head.shards))
	for shard := range folds {
		folds[shard] = newFold(x.election, shard, x.recordKeys, devices)
		x.checkShard(shard, folds[shard].read)
	}
	if len(x.wrong) > 0 || x.description.Log == "hashes" {
		return said + "not counted: the events are not in the export, only their hashes\n", x.wrong
	}
	devices.end()
	said += tell(folds) + devices.tell() + fmt.Sprintf("fingerprint %s\n", x.checkResults(folds))
	if !x.isComplete() {
		said += "no fingerprint was signed: not all results are in the export\n"
	}
	return said, x.wrong
}

// tell says how many attempts were accepted, how many rejected, and why.
func tell(folds []*fold) string {
	accepted, rejected := 0, 0
	reasons := map[string]int{}
	for _, f := range folds {
		accepted += f.accepted
		for reason, count := range f.rejected {
			reasons[reason] += count
			rejected += count
		}
	}
	lines := fmt.Sprintf("accepted %d\nrejected %d\n", accepted, rejected)
	for _, reason := range sortedKeys(reasons) {
		lines += fmt.Sprintf("rejected as %s %d\n", reason, reasons[reason])
	}
	return lines
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
