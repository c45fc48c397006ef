// Command witness is a witness, and a log that asks one, of the transparency.dev project's own packages for C2SP tlog-witness.
//
//	witness keys NAME                  prints a private and a verifier key
//	witness serve KEYS-FILE            cosigns logs whose verifier keys stand in the file, a line each, whenever they are written there
//	witness feed URL KEY WITNESS-KEY   sends a log to a witness as it grows, stands still, forgets and forks
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	f_note "github.com/transparency-dev/formats/note"
	client "github.com/transparency-dev/witness/client/http"
	"github.com/transparency-dev/witness/persistence/inmemory"
	"github.com/transparency-dev/witness/witness"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	switch arguments := os.Args[1:]; {
	case len(arguments) == 2 && arguments[0] == "keys":
		private, public, err := note.GenerateKey(rand.Reader, arguments[1])
		must(err)
		fmt.Printf("%s\n%s\n", private, public)
	case len(arguments) == 2 && arguments[0] == "serve":
		serve(arguments[1])
	case len(arguments) == 4 && arguments[0] == "feed":
		feed(arguments[1], arguments[2], arguments[3])
	default:
		fail("usage: witness keys NAME | serve KEYS-FILE | feed URL KEY WITNESS-KEY")
	}
}

// serve answers with two cosignatures, of Ed25519 and of ML-DSA-44, as the specification wants new witnesses to.
func serve(keys string) {
	private, public, err := note.GenerateKey(rand.Reader, "go.example.org/w")
	must(err)
	signer, err := f_note.NewSignerForCosignatureV1(private)
	must(err)
	public, err = f_note.VKeyToCosignatureV1(public)
	must(err)
	large, _, err := f_note.GenerateMLDSAKey("go.example.org/w")
	must(err)
	largeSigner, err := f_note.NewMLDSASigner(large)
	must(err)
	w, err := witness.New(context.Background(), witness.Opts{
		Persistence: inmemory.New(),
		Signers:     []note.Signer{largeSigner, signer},
		VerifierForLog: func(_ context.Context, origin string) (note.Verifier, bool, error) {
			text, err := os.ReadFile(keys)
			if err != nil {
				return nil, false, err
			}
			for _, line := range strings.Fields(string(text)) {
				if verifier, err := note.NewVerifier(line); err == nil && verifier.Name() == origin {
					return verifier, true, nil
				}
			}
			return nil, false, nil
		},
	})
	must(err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /add-checkpoint", witness.NewHTTPHandler(w).AddCheckpoint)
	fmt.Printf("witness %s\nlistens at http://%s\n", public, listener.Addr())
	must(http.Serve(listener, mux))
}

// tree keeps all hashes of a log's tree, in the order in which tlog numbers them.
type tree []tlog.Hash

func (t tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = t[index]
	}
	return found, nil
}

// grown is a tree of so many entries; the first of them are those of every other.
func grown(size, same int64, told string) (t tree) {
	for n := range size {
		text := fmt.Sprintf("entry %d", n)
		if n >= same {
			text += told
		}
		hashes, err := tlog.StoredHashes(n, []byte(text), t)
		must(err)
		t = append(t, hashes...)
	}
	return t
}

// log is one that signs what it shows.
type log struct {
	tree   tree
	signer note.Signer
}

func (l log) checkpoint(size int64) []byte {
	root, err := tlog.TreeHash(size, l.tree)
	must(err)
	text := fmt.Sprintf("%s\n%d\n%s\n", l.signer.Name(), size, root)
	signed, err := note.Sign(&note.Note{Text: text}, l.signer)
	must(err)
	return signed
}

func (l log) proof(older, newer int64) (proof [][]byte) {
	if older == 0 {
		return nil
	}
	hashes, err := tlog.ProveTree(newer, older, l.tree)
	must(err)
	for _, hash := range hashes {
		proof = append(proof, hash[:])
	}
	return proof
}

func feed(address, key, witnessKey string) {
	signer, err := note.NewSigner(key)
	must(err)
	cosigner, err := f_note.NewVerifierForCosignatureV1(witnessKey)
	must(err)
	at, err := url.Parse(address)
	must(err)
	w := client.NewWitness(at, http.DefaultClient)
	mine := log{grown(1000, 1000, ""), signer}
	fork := log{grown(1000, 200, " of another history"), signer}
	for _, step := range []struct {
		log          log
		older, newer int64
	}{{mine, 0, 1}, {mine, 1, 300}, {mine, 300, 300}, {mine, 1, 1000}, {fork, 300, 300}, {fork, 300, 1000}, {mine, 300, 1000}} {
		checkpoint := step.log.checkpoint(step.newer)
		answer, known, err := w.Update(context.Background(), uint64(step.older), checkpoint, step.log.proof(step.older, step.newer))
		switch {
		case errors.Is(err, witness.ErrCheckpointStale):
			fmt.Printf("stale, it knows %d\n", known)
		case errors.Is(err, witness.ErrInvalidProof):
			fmt.Println("not consistent")
		default:
			must(err)
			mustBeCosigned(checkpoint, answer, cosigner)
			fmt.Printf("cosigned %d\n", step.newer)
		}
	}
}

func mustBeCosigned(checkpoint, answer []byte, cosigner note.Verifier) {
	opened, err := note.Open(bytes.Join([][]byte{checkpoint, answer}, nil), note.VerifierList(cosigner))
	must(err)
	at, err := f_note.CoSigV1Timestamp(opened.Sigs[0])
	must(err)
	if age := time.Since(at); age < -time.Minute || age > time.Minute {
		fail("the cosignature is of " + at.String())
	}
}

func must(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}
