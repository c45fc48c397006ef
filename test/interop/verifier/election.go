package main

import (
	"encoding/json"
	"fmt"
	"slices"
)

// definition is what counting needs of definition.json.
type definition struct {
	ID, ShardLevel, Entry, HoldOn string
	Shards                        int
	Levels                        []struct{ ID string }
	Units                         []struct {
		Code, Level, Parent string
		Registered          int64
	}
	Contests []struct {
		ID, Form string
		Area     []string
		Seats    int
	}
	Candidates  []struct{ Contest, Number string }
	Electorates []struct {
		Station, Contest string
		Registered       int64
	}
	Forms map[string]struct{ Fields []field }
}

type field struct {
	ID, Repeat, Type string
	Optional         bool
}

type election struct {
	digest            string
	id, entry, holdOn string
	shards            int
	units             map[string]*unit
	contests          map[string]*contest
}

type unit struct {
	code      string
	level     int
	isStation bool
	parent    *unit
	// key: what records about it lie under; shard: the one of that key.
	key        string
	shard      int
	registered int64
}

// up gives the unit and all above it.
func (u *unit) up() (path []*unit) {
	for ; u != nil; u = u.parent {
		path = append(path, u)
	}
	return path
}

// contest has its figures in one order: fields, then votes; names are those of the results: field.H, votes.3.
type contest struct {
	id       string
	names    []string
	optional []bool
	place    map[string]int
	// times: fields of type time, and whether they may be left out.
	times map[string]bool
	// voters of the stations that vote in it, 0 where that is not known.
	voters map[*unit]int64
	home   *unit
}

// reaches says whether a station of the contest lies at or below the unit.
func (c *contest) reaches(u *unit) bool {
	for station := range c.voters {
		if slices.Contains(station.up(), u) {
			return true
		}
	}
	return false
}

func (c *contest) addFigure(name string, optional bool) {
	c.place[name] = len(c.names)
	c.names = append(c.names, name)
	c.optional = append(c.optional, optional)
}

func readElection(content []byte) (*election, error) {
	var d definition
	if err := json.Unmarshal(content, &d); err != nil {
		return nil, err
	}
	if d.Shards < 1 {
		return nil, fmt.Errorf("there are %d shards", d.Shards)
	}
	e := &election{
		hexSum(content), d.ID, d.Entry, d.HoldOn, d.Shards, map[string]*unit{}, map[string]*contest{},
	}
	if err := e.addUnits(d); err != nil {
		return nil, err
	}
	return e, e.addContests(d)
}

func (e *election) addUnits(d definition) error {
	levels := map[string]int{}
	for i, level := range d.Levels {
		levels[level.ID] = i
	}
	for _, row := range d.Units {
		level, known := levels[row.Level]
		if !known {
			return fmt.Errorf("the unit %s lies on the level %q, which is none", row.Code, row.Level)
		}
		e.units[row.Code] = &unit{
			code: row.Code, level: level, isStation: level == len(d.Levels)-1, registered: row.Registered,
		}
	}
	for _, row := range d.Units {
		u, parent := e.units[row.Code], e.units[row.Parent]
		if row.Parent != "" && (parent == nil || parent.level >= u.level) {
			return fmt.Errorf("the unit %s lies below %s, which is no unit of a higher level", row.Code, row.Parent)
		}
		u.parent = parent
	}
	for _, u := range e.units {
		for _, above := range u.up() {
			if u.key = above.code; above.level <= levels[d.ShardLevel] {
				break
			}
		}
		u.shard = shardOf(u.key, d.Shards)
	}
	return nil
}

func (e *election) addContests(d definition) error {
	numbers := map[string][]string{}
	for _, row := range d.Candidates {
		numbers[row.Contest] = append(numbers[row.Contest], row.Number)
	}
	electorates := map[string]map[*unit]int64{}
	for _, row := range d.Electorates {
		if electorates[row.Contest] == nil {
			electorates[row.Contest] = map[*unit]int64{}
		}
		electorates[row.Contest][e.units[row.Station]] = row.Registered
	}
	below := e.stationsBelow()
	for _, row := range d.Contests {
		c := &contest{id: row.ID, place: map[string]int{}, times: map[string]bool{}, voters: map[*unit]int64{}}
		e.contests[row.ID] = c
		c.addFigures(d.Forms[row.Form].Fields, row.Seats, numbers[row.ID])
		if len(row.Area) == 0 {
			return fmt.Errorf("the contest %s has no area", row.ID)
		}
		area := make([]*unit, len(row.Area))
		for i, code := range row.Area {
			if area[i] = e.units[code]; area[i] == nil {
				return fmt.Errorf("the contest %s names the unit %s, which is none", row.ID, code)
			}
			c.addVoters(below[area[i]], electorates[row.ID])
		}
		c.home = commonUnit(area)
	}
	return nil
}

func (c *contest) addFigures(fields []field, seats int, candidates []string) {
	for _, field := range fields {
		switch {
		case field.Type == "time":
			c.times[field.ID] = field.Optional
		case field.Repeat == "seats":
			for n := 1; n <= seats; n++ {
				c.addFigure(fmt.Sprintf("field.%s.%d", field.ID, n), field.Optional)
			}
		default:
			c.addFigure("field."+field.ID, field.Optional)
		}
	}
	for _, number := range candidates {
		c.addFigure("votes."+number, false)
	}
}

func (e *election) stationsBelow() map[*unit][]*unit {
	below := map[*unit][]*unit{}
	for _, u := range e.units {
		if !u.isStation {
			continue
		}
		for _, above := range u.up() {
			below[above] = append(below[above], u)
		}
	}
	return below
}

// addVoters takes stations of the area; where an electorate names the contest, only those that it lists.
func (c *contest) addVoters(stations []*unit, electorate map[*unit]int64) {
	for _, station := range stations {
		voters, isListed := electorate[station]
		if electorate == nil {
			c.voters[station] = station.registered
		} else if isListed {
			c.voters[station] = voters
		}
	}
}

// commonUnit is the lowest unit that has all of the area at or below it.
func commonUnit(area []*unit) *unit {
	for _, u := range area[0].up() {
		if !slices.ContainsFunc(area, func(other *unit) bool { return !slices.Contains(other.up(), u) }) {
			return u
		}
	}
	return nil
}

// shardOf is Kafka's default partitioner.
func shardOf(key string, shards int) int {
	return int(murmur2([]byte(key))&0x7fffffff) % shards
}

// murmur2 is MurmurHash2, 32 bits, with the seed of Kafka's Utils.murmur2.
func murmur2(data []byte) uint32 {
	const m = 0x5bd1e995
	h := 0x9747b28c ^ uint32(len(data))
	for ; len(data) >= 4; data = data[4:] {
		k := uint32(data[0]) | uint32(data[1])<<8 | uint32(data[2])<<16 | uint32(data[3])<<24
		k *= m
		k ^= k >> 24
		k *= m
		h = h*m ^ k
	}
	for i := len(data) - 1; i >= 0; i-- {
		h ^= uint32(data[i]) << (8 * i)
	}
	if len(data) > 0 {
		h *= m
	}
	h ^= h >> 13
	h *= m
	return h ^ h>>15
}
