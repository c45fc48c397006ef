package main

import (
	"crypto/sha256"
	"strings"
)

// fold is one shard: events in order, each accepted or rejected, into sheets.
type fold struct {
	election *election
	shard    int
	// recordKeys: what records lie under, where that is not what their events give.
	recordKeys map[place]string
	isOpen     bool
	sheets     map[string]*sheet // by subject, <station>/<contest>
	closed     map[*unit]bool
	// ids: by subject and id, what was sent under it first.
	ids       map[string]map[string][sha256.Size]byte
	certified map[string]bool
	withdrawn map[[2]string]bool
	// enrolled: by unit and device, whether it is still.
	enrolled map[[2]string]bool
	devices  *devices
	accepted int
	rejected map[string]int
}

func newFold(e *election, shard int, recordKeys map[place]string, devices *devices) *fold {
	return &fold{
		election: e, shard: shard, recordKeys: recordKeys,
		sheets: map[string]*sheet{}, closed: map[*unit]bool{}, ids: map[string]map[string][sha256.Size]byte{},
		certified: map[string]bool{}, withdrawn: map[[2]string]bool{}, rejected: map[string]int{},
		enrolled: map[[2]string]bool{}, devices: devices,
	}
}

// accepted is what the functions below say of an event that is not rejected; otherwise they say why it is.
const accepted = ""

// read takes the next event.
func (f *fold) read(offset int, entry []byte) {
	e, isReadable := readEvent(entry)
	reason := "unreadable"
	if isReadable {
		reason = f.judge(offset, e)
		f.devices.take(place{f.shard, offset}, e, reason == accepted)
	}
	if reason == accepted {
		f.accepted++
	} else {
		f.rejected[reason]++
	}
}

func (f *fold) judge(offset int, e event) string {
	switch {
	case e.definition != f.election.digest || e.source != "/elections/"+f.election.id:
		return "other-definition"
	case e.kind == "tally.election.opened.v1":
		return f.open(e)
	case !f.isOpen:
		return "not-open"
	case strings.HasPrefix(e.kind, "tally.sheet.") || strings.HasPrefix(e.kind, "tally.count."):
		return f.onSheet(e, offset)
	}
	return f.onSubject(e, offset)
}

func (f *fold) open(e event) string {
	if f.isOpen {
		return "not-allowed"
	}
	if e.data["id"] != f.election.id || e.data["shards"] != float64(f.election.shards) {
		return "other-definition"
	}
	f.isOpen = true
	return accepted
}

// isHome says whether an event about a unit may lie here.
func (f *fold) isHome(u *unit, offset int) bool {
	key, isTold := f.recordKeys[place{f.shard, offset}]
	return u.shard == f.shard && (!isTold || key == u.key)
}

// remember says whether the id came before on that subject; a new one is kept, whatever becomes of its event.
func (f *fold) remember(e event) string {
	content := e.content()
	if known, isKnown := f.ids[e.subject][e.id]; isKnown && known == content {
		return "repeat"
	} else if isKnown {
		return "idempotency-conflict"
	}
	if f.ids[e.subject] == nil {
		f.ids[e.subject] = map[string][sha256.Size]byte{}
	}
	f.ids[e.subject][e.id] = content
	return accepted
}

func (f *fold) onSheet(e event, offset int) string {
	code, contestID, _ := strings.Cut(e.subject, "/")
	station, contest := f.election.units[code], f.election.contests[contestID]
	if !strings.Contains(e.subject, "/") || station == nil || !station.isStation {
		return "unknown-station"
	}
	if contest == nil {
		return "unknown-contest"
	}
	if _, votes := contest.voters[station]; !votes {
		return "not-in-contest"
	}
	if !f.isHome(station, offset) {
		return "wrong-shard"
	}
	if sent, isSubmitted := e.data["sheet"].(object); isSubmitted && e.kind == "tally.sheet.submitted.v1" {
		if sent["station"] != code || sent["contest"] != contestID {
			return "bad-structure"
		}
	}
	if known := f.remember(e); known != accepted {
		return known
	}
	s := f.sheet(station, contest)
	reason := s.evolve(e, offset, around{contest, f.election.entry == "double", f.election.holdOn, f.closed[station]})
	if reason == accepted {
		s.changed = offset
	}
	return reason
}

func (f *fold) sheet(station *unit, contest *contest) *sheet {
	subject := station.code + "/" + contest.id
	if f.sheets[subject] == nil {
		f.sheets[subject] = &sheet{status: none}
	}
	return f.sheets[subject]
}

// onSubject takes events about a station or a contest: none of them changes a sheet's outcome.
func (f *fold) onSubject(e event, offset int) string {
	about, contest, reason := f.subjectOf(e)
	if reason != accepted {
		return reason
	}
	if !f.isHome(about, offset) {
		return "wrong-shard"
	}
	if known := f.remember(e); known != accepted {
		return known
	}
	switch e.kind {
	case "tally.station.closed.v1":
		return f.close(about, e.data, offset)
	case "tally.device.enrolled.v1", "tally.device.revoked.v1":
		return f.onDevice(e)
	case "tally.minutes.recorded.v1":
		if _, _, sound := contest.readFigures(e.data, true); !sound {
			return "bad-structure"
		}
	case "tally.candidate.withdrawn.v1":
		number, _ := e.data["candidate"].(string)
		if _, stands := contest.place["votes."+number]; !stands {
			return "unknown-candidate"
		}
		if f.withdrawn[[2]string{contest.id, number}] {
			return "not-allowed"
		}
		f.withdrawn[[2]string{contest.id, number}] = true
	case "tally.contest.certified.v1", "tally.contest.reopened.v1":
		isCertified := e.kind == "tally.contest.certified.v1"
		if f.certified[contest.id] == isCertified {
			return "not-allowed"
		}
		f.certified[contest.id] = isCertified
	}
	return accepted
}

// subjectOf gives the unit whose key the event lies under, and the contest where it is about one.
func (f *fold) subjectOf(e event) (*unit, *contest, string) {
	if e.kind == "tally.station.closed.v1" {
		if station := f.election.units[e.subject]; station != nil && station.isStation {
			return station, nil, accepted
		}
		return nil, nil, "unknown-station"
	}
	if strings.HasPrefix(e.kind, "tally.device.") {
		if about := f.election.units[e.subject]; about != nil {
			return about, nil, accepted
		}
		return nil, nil, "unknown-unit"
	}
	if e.kind != "tally.minutes.recorded.v1" {
		if contest := f.election.contests[e.subject]; contest != nil {
			return contest.home, contest, accepted
		}
		return nil, nil, "unknown-contest"
	}
	unitCode, _ := e.data["unit"].(string)
	contestID, _ := e.data["contest"].(string)
	about, contest := f.election.units[unitCode], f.election.contests[contestID]
	if contest == nil {
		return nil, nil, "unknown-contest"
	}
	if about == nil || !contest.reaches(about) {
		return nil, nil, "not-in-contest"
	}
	if e.subject != unitCode {
		return nil, nil, "bad-structure"
	}
	return about, contest, accepted
}

func (f *fold) onDevice(e event) string {
	device, _ := e.data["device"].(string)
	name := [2]string{e.subject, device}
	isEnrolled, wasEnrolled := f.enrolled[name]
	if e.kind == "tally.device.revoked.v1" {
		if !isEnrolled {
			return "not-allowed"
		}
		f.enrolled[name] = false
		return accepted
	}
	if key := deviceKey(e.data["key"]); key == nil || deviceOf(key) != device {
		return "bad-structure"
	}
	if wasEnrolled {
		return "not-allowed"
	}
	f.enrolled[name] = true
	return accepted
}

func (f *fold) close(station *unit, data object, offset int) string {
	if into, isThere := data["into"].(string); isThere {
		if other := f.election.units[into]; other == nil || !other.isStation || other == station {
			return "unknown-station"
		}
	}
	if f.closed[station] {
		return "not-allowed"
	}
	f.closed[station] = true
	for _, contest := range f.election.contests {
		if _, votes := contest.voters[station]; votes {
			f.sheet(station, contest).changed = offset
		}
	}
	return accepted
}
