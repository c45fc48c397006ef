package main

import (
	"maps"
	"slices"
)

type status string

const (
	none      status = "none"
	awaiting  status = "awaiting-second"
	disputed  status = "disputed"
	standing  status = "accepted"
	held      status = "held"
	returned  status = "returned"
	annulled  status = "annulled"
	confirmed status = "verified"
)

// entered is figures that somebody sent, and the accounts that entered or changed them.
type entered struct {
	figures figures
	times   map[string]string
	by      []string
}

func (a *entered) same(b *entered) bool {
	return a != nil && slices.Equal(a.figures, b.figures) && maps.Equal(a.times, b.times)
}

func (a *entered) has(account string) bool {
	return a != nil && slices.Contains(a.by, account)
}

// sheet is one station's count in one contest.
type sheet struct {
	revision int // the highest it ever had
	status   status
	newest   *entered // the newest revision, whatever its status
	second   *entered // while disputed: the other entry
	counts   *entered // what counts in the track provisional
	verified bool     // whether that counts in verified too
	// heldVerified: the newest revision is held because it corrects a verified one.
	heldVerified bool
	sealed       bool
	changed      int // offset of the last event that changed it, or closed its station
}

// around is what a sheet's life depends on beside its events.
type around struct {
	contest  *contest
	isDouble bool
	holdOn   string
	isClosed bool
}

// evolve says why the event is rejected, or changes the sheet.
func (s *sheet) evolve(e event, offset int, a around) string {
	seen, isSeen := e.data["seen"].(object)
	isElsewhere := isSeen && (seen["revision"] != float64(s.revision) || seen["offset"] != float64(s.changed))
	switch {
	case e.kind == "tally.sheet.submitted.v1":
		return s.submit(e, a)
	case e.kind == "tally.count.sealed.v1" && s.sealed, e.kind == "tally.count.unsealed.v1" && !s.sealed:
		return "not-allowed"
	case isElsewhere:
		return "precondition-failed"
	}
	switch e.kind {
	case "tally.sheet.resolved.v1":
		return s.resolve(e, a)
	case "tally.sheet.released.v1":
		return s.release(e.account)
	case "tally.sheet.returned.v1":
		return s.become(returned, held)
	case "tally.sheet.verified.v1":
		if s.status == standing && s.newest.has(e.account) {
			return "same-person"
		}
		if reason := s.become(confirmed, standing); reason != accepted {
			return reason
		}
		s.verified = true
	case "tally.sheet.annulled.v1":
		if reason := s.become(annulled, awaiting, disputed, standing, held, returned, confirmed); reason != accepted {
			return reason
		}
		s.counts, s.verified, s.second = nil, false, nil
	case "tally.count.sealed.v1":
		if s.status != none && s.status != annulled {
			return "not-allowed"
		}
		s.sealed = true
	case "tally.count.unsealed.v1":
		s.sealed = false
	}
	return accepted
}

func (s *sheet) become(next status, from ...status) string {
	if !slices.Contains(from, s.status) {
		return "not-allowed"
	}
	s.status, s.heldVerified = next, false
	return accepted
}

func (s *sheet) release(account string) string {
	if s.status == held && s.sealed {
		return "sealed"
	}
	if s.status == held && s.heldVerified && s.newest.has(account) {
		return "same-person"
	}
	if reason := s.become(standing, held); reason != accepted {
		return reason
	}
	s.counts, s.verified = s.newest, false
	return accepted
}

func (s *sheet) submit(e event, a around) string {
	sent := e.data["sheet"].(object)
	read, times, sound := a.contest.readFigures(sent, false)
	if !sound {
		return "bad-structure"
	}
	came := &entered{read, times, []string{e.account}}
	expected, isExpected := sent["expectedRevision"]
	before := !isExpected || expected == float64(s.revision-1)
	if s.status == awaiting && before && !s.newest.has(e.account) {
		s.enterSecond(came, e, a)
		return accepted
	}
	switch {
	case !isExpected && (s.newest.same(came) || s.second.same(came)):
		return "unchanged"
	case isExpected && expected != float64(s.revision) && s.status == awaiting && before:
		return "same-person"
	case isExpected && expected != float64(s.revision):
		return "stale-revision"
	case s.revision > 0 && isBlank(sent["reason"]):
		return "reason-required"
	}
	isCorrection := slices.Contains([]status{standing, held, returned, confirmed}, s.status)
	s.revision++
	if a.isDouble && !isCorrection {
		s.status, s.newest, s.second = awaiting, came, nil
		return accepted
	}
	s.agree(came, e, a)
	return accepted
}

func (s *sheet) enterSecond(came *entered, e event, a around) {
	if !s.newest.same(came) {
		s.status, s.second = disputed, came
		return
	}
	came.by = append(came.by, s.newest.by...)
	s.agree(came, e, a)
}

func (s *sheet) resolve(e event, a around) string {
	if s.status != disputed {
		return "not-allowed"
	}
	read, times, sound := a.contest.readFigures(e.data, false)
	if !sound {
		return "bad-structure"
	}
	one, other := s.newest, s.second
	for i, value := range read {
		if value != one.figures[i] && value != other.figures[i] {
			return "figure-not-entered"
		}
	}
	for name := range a.contest.times {
		// One that is left out is "".
		if times[name] != one.times[name] && times[name] != other.times[name] {
			return "figure-not-entered"
		}
	}
	s.agree(&entered{read, times, slices.Concat(one.by, other.by, []string{e.account})}, e, a)
	return accepted
}

// agree: the figures are the newest revision; they count, unless something holds them.
func (s *sheet) agree(came *entered, e event, a around) {
	s.newest, s.second = came, nil
	s.heldVerified = s.counts != nil && s.verified
	if s.heldVerified || s.sealed || a.isClosed || areHeld(e.data, a.holdOn) {
		s.status = held
		return
	}
	s.status, s.counts, s.verified = standing, came, false
}

// areHeld says whether the event has a finding of the severity holdOn or worse.
func areHeld(data object, holdOn string) bool {
	for _, finding := range data["findings"].([]any) {
		severity := finding.(object)["severity"]
		if holdOn != "never" && (severity == "error" || severity == "warning" && holdOn == "warning") {
			return true
		}
	}
	return false
}
