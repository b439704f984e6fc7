package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestScheduleCommand: what stands in the table of jobs, with days off and with a file that changes some.
func TestScheduleCommand(t *testing.T) {
	var got strings.Builder
	file := filepath.Join(t.TempDir(), "university.yaml")
	own := strings.Replace(read(t, "../../alt.yaml"), "jobs: {}", "jobs:\n  digest: \"0 9 * * 1-5\"\n  weekly: never", 1)
	if err := os.WriteFile(file, []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name    string
		environ []string
		args    []string
	}{
		{"as built in, on the last working day before New Year", nil, []string{"--from", "2026-12-30 18:00"}},
		{"with a file of one's own", []string{"UNIVERSITY=" + file}, []string{"--from", "2026-11-20 08:59"}},
	} {
		text, err := told(t, tt.environ, append([]string{"schedule"}, tt.args...)...)
		if err != nil {
			t.Error(err)
		}
		got.WriteString("# " + tt.name + "\n" + text + "\n")
	}
	golden(t, "schedule.txt", got.String())
	if text, err := told(t, nil, "schedule", "--from", "tomorrow"); err == nil || !strings.Contains(text, "write it as in") {
		t.Errorf("%v, %s", err, text)
	}
}
