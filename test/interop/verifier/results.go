package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const header = "unit,contest,track,key,value"

var progressNames = []string{
	"stations", "received", "counted", "verified", "held", "disputed", "awaiting", "returned", "annulled", "sealed",
	"closed", "registered", "registeredCounted",
}

// track sums the figures that count in it.
type track struct {
	sheets        int
	sums, present []int64 // by place in the contest
}

// node is what a contest comes to at a unit.
type node struct {
	contest               *contest
	progress              map[string]int64
	provisional, verified track
}

// total adds up every contest at every unit that has a station of it at or below.
func total(e *election, folds []*fold) map[*unit]map[*contest]*node {
	nodes := map[*unit]map[*contest]*node{}
	for _, c := range e.contests {
		for station, voters := range c.voters {
			f := folds[station.shard]
			s := f.sheets[station.code+"/"+c.id]
			if s == nil {
				s = &sheet{status: none}
			}
			for _, u := range station.up() {
				if nodes[u] == nil {
					nodes[u] = map[*contest]*node{}
				}
				if nodes[u][c] == nil {
					nodes[u][c] = &node{contest: c, progress: map[string]int64{}}
				}
				nodes[u][c].add(s, voters, f.closed[station])
			}
		}
	}
	return nodes
}

func (n *node) add(s *sheet, voters int64, isClosed bool) {
	count := func(name string, isSo bool, by int64) {
		if isSo {
			n.progress[name] += by
		}
	}
	count("stations", true, 1)
	count("received", s.revision > 0 && s.status != annulled, 1)
	count("counted", s.counts != nil, 1)
	count("verified", s.counts != nil && s.verified, 1)
	count("held", s.status == held, 1)
	count("disputed", s.status == disputed, 1)
	count("awaiting", s.status == awaiting, 1)
	count("returned", s.status == returned, 1)
	count("annulled", s.status == annulled, 1)
	count("sealed", s.sealed, 1)
	count("closed", isClosed, 1)
	count("registered", true, voters)
	count("registeredCounted", s.counts != nil, voters)
	if s.counts != nil {
		n.provisional.add(s.counts.figures)
	}
	if s.counts != nil && s.verified {
		n.verified.add(s.counts.figures)
	}
}

func (t *track) add(f figures) {
	if t.sheets == 0 {
		t.sums, t.present = make([]int64, len(f)), make([]int64, len(f))
	}
	t.sheets++
	for i, value := range f {
		if value != notStated {
			t.sums[i] += value
			t.present[i]++
		}
	}
}

// rows gives the lines of a node, without their line feeds, in no order.
func (n *node) rows(unit string) (rows []string) {
	row := func(track, key string, value int64) {
		rows = append(rows, fmt.Sprintf("%s,%s,%s,%s,%d", unit, n.contest.id, track, key, value))
	}
	for _, name := range progressNames {
		row("", "progress."+name, n.progress[name])
	}
	for name, t := range map[string]track{"provisional": n.provisional, "verified": n.verified} {
		// Nothing received is not zero: without a counted sheet a track has no figures.
		for i := range t.sums {
			if n.contest.optional[i] {
				row(name, "present."+strings.TrimPrefix(n.contest.names[i], "field."), t.present[i])
			}
			if t.present[i] > 0 {
				row(name, n.contest.names[i], t.sums[i])
			}
		}
	}
	return rows
}

// allRows gives every row, sorted by bytes. A comma sorts before all that identifiers are made of, so unit by unit is
// that order.
func allRows(e *election, folds []*fold, each func(row string)) {
	nodes := total(e, folds)
	for _, code := range sortedKeys(e.units) {
		var rows []string
		for _, n := range nodes[e.units[code]] {
			rows = append(rows, n.rows(code)...)
		}
		slices.Sort(rows)
		for _, row := range rows {
			each(row)
		}
	}
}

// checkResults counts anew and gives the fingerprint of that. Results of which only some are public, which may be none,
// are compared row by row.
func (x *export) checkResults(folds []*fold) string {
	hash := sha256.New()
	fmt.Fprintln(hash, header)
	allRows(x.election, folds, func(row string) { fmt.Fprintln(hash, row) })
	fingerprint := hex.EncodeToString(hash.Sum(nil))
	if !x.isComplete() {
		if _, err := os.Stat(filepath.Join(x.folder, "results.csv")); err == nil {
			x.tellRows(folds)
		}
		return fingerprint
	}
	if fingerprint != x.head.fingerprint {
		x.wrong.add("head", "the fingerprint that was signed is %s, of what was counted %s", x.head.fingerprint, fingerprint)
	}
	if content, ok := x.read("results.csv"); ok && hexSum(content) != fingerprint {
		x.tellRows(folds)
	}
	return fingerprint
}

// tellRows says in which rows results.csv is not what was counted.
func (x *export) tellRows(folds []*fold) {
	before := len(x.wrong)
	published := x.publishedRows()
	allRows(x.election, folds, func(row string) {
		key, value := cutRow(row)
		if found, isThere := published[key]; isThere && found != value {
			x.wrong.add("results.csv: "+key, "published %s, counted %s", found, value)
		} else if !isThere && x.isComplete() {
			x.wrong.add("results.csv: "+key, "not published, counted %s", value)
		}
		delete(published, key)
	})
	for _, key := range sortedKeys(published) {
		x.wrong.add("results.csv: "+key, "published %s, and there is no such figure", published[key])
	}
	if x.isComplete() && len(x.wrong) == before {
		x.wrong.add("results.csv", "has the right rows, but not byte for byte")
	}
}

func (x *export) publishedRows() map[string]string {
	rows := map[string]string{}
	file, err := os.Open(filepath.Join(x.folder, "results.csv"))
	if err != nil {
		x.wrong.add("results.csv", "%v", err)
		return rows
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if line := lines.Text(); line != header {
			key, value := cutRow(line)
			rows[key] = value
		}
	}
	if err := lines.Err(); err != nil {
		x.wrong.add("results.csv", "%v", err)
	}
	return rows
}

func cutRow(row string) (key, value string) {
	at := strings.LastIndexByte(row, ',')
	return row[:max(at, 0)], row[at+1:]
}
