package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/handlers"
	"alt.edu.kz/dauys/registrar"
	"alt.edu.kz/dauys/registrar/sample"
)

// demoStudents is how many students the demonstration has a record of.
const demoStudents = 60

// demoFirst is the place in the list of the first student who is one of the people of the demonstration:
// those before have something rare in their record.
const demoFirst = 13

// record gives the demonstration a record that is made up, unless it has one. Its students are in it, and
// linked with their accounts; for others the chat of the registrar makes codes.
func record(ctx context.Context, a *app, world demoWorld) (err error) {
	last, err := registrar.LastPublished(ctx, a.db, registrar.Theses) // the last of the kinds
	if err != nil || last.ID != "" {
		return err
	}
	dir, err := os.MkdirTemp("", "dauys-record-")
	if err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	spec := sample.Spec{Students: demoStudents, Seed: 1, Year: academicYear(a.clock.Wall()), Semester: 1, University: a.university, Named: map[int]string{}}
	who := map[int]dauys.Address{}
	for _, p := range world.People {
		if slices.Contains(world.Students, p.ID) {
			i := demoFirst + len(who)
			spec.Named[i], who[i] = p.LastName+" "+p.FirstName, dauys.AddressOf("telegram", strconv.FormatInt(p.ID, 10))
		}
	}
	if err := sample.Write(ctx, spec, sample.CSV(dir)); err != nil {
		return fmt.Errorf("make up a record: %w", err)
	}
	for _, k := range registrar.KindNames() {
		if err := a.takeIn(ctx, k, filepath.Join(dir, string(k)+".csv")); err != nil {
			return fmt.Errorf("the record of the demonstration: %w", err)
		}
	}
	for i, address := range who {
		number, err := spec.Number(i)
		if err != nil {
			return err
		}
		if err := a.joinTo(ctx, address, number); err != nil {
			return fmt.Errorf("link the people of the demonstration: %w", err)
		}
	}
	return nil
}

// joinTo links an account with a student, as a code of the registrar would.
func (a *app) joinTo(ctx context.Context, who dauys.Address, number string) error {
	now, anybody := a.clock.Wall(), func([]dauys.Staff, []registrar.Link) bool { return true }
	code := registrar.Code{Code: registrar.NewCode(), Person: registrar.OfStudent(number), Expires: now.Add(registrar.SpotLife)}
	if err := a.db.IssueCodes(ctx, "demo/"+handlers.NewID(), []registrar.Code{code}, "", registrar.TheRegistrar, now, anybody); err != nil {
		return err
	}
	tried, err := a.db.TryCode(ctx, registrar.Try{Cause: "demo/" + handlers.NewID(), Who: who, Number: number, Code: code.Code, At: now},
		func(registrar.Tried) []dauys.Notification { return nil })
	if err == nil && tried.Result != registrar.Linked {
		err = fmt.Errorf("a code was not taken: %s", tried.Result)
	}
	return err
}

// takeIn reads a file of the registrar and publishes it.
func (a *app) takeIn(ctx context.Context, k registrar.Kind, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	im := registrar.Import{ID: handlers.NewID(), Kind: k, File: filepath.Base(name), By: byCommand, At: a.clock.Wall()}
	im, err = registrar.Run(ctx, a.db, f, info.Size(), im, nil)
	if errors.Is(err, registrar.ErrSameFile) {
		return nil
	}
	if err != nil {
		return err
	}
	if im.Counts.Flaws > 0 {
		return fmt.Errorf("%s: %d rows are wrong", im.File, im.Counts.Flaws)
	}
	_, err = a.db.Settle(ctx, im.ID, registrar.Published, byCommand, a.clock.Wall(), nil)
	return err
}
