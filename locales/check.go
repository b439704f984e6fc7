package locales

import (
	"bufio"
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"alt.edu.kz/dauys"
)

// Problem is something wrong with the texts: where, what, and what to do.
type Problem struct {
	File string
	Line int
	What string
}

func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.What) }

// forms are the plural forms that a language needs, after Unicode CLDR.
var forms = map[dauys.Lang][]string{
	dauys.Kazakh:  {"one", "other"},
	dauys.Russian: {"few", "many", "one", "other"},
	dauys.English: {"one", "other"},
}

// catalogue is the texts of one language: key → form → text; a text without plural forms
// has the form "".
type catalogue map[string]map[string]string

// reserved are the words that the reader of the texts takes for parts of one message.
var reserved = []string{"id", "description", "hash", "leftdelim", "rightdelim", "zero", "one", "two", "few", "many", "other"}

// Check compares the texts of the languages with each other and with the keys that are
// needed; nil needed compares them with each other only.
func Check(needed []string) ([]Problem, error) {
	texts := map[dauys.Lang][]byte{}
	for _, l := range dauys.Langs {
		data, err := files.ReadFile(string(l) + ".toml")
		if err != nil {
			return nil, fmt.Errorf("locales: %w", err)
		}
		texts[l] = data
	}
	return check(texts, needed)
}

func check(texts map[dauys.Lang][]byte, needed []string) ([]Problem, error) {
	all := map[dauys.Lang]catalogue{}
	lines := map[dauys.Lang]map[string]int{}
	keys := map[string]bool{}
	for _, l := range dauys.Langs {
		var err error
		if all[l], err = read(texts[l]); err != nil {
			return nil, fmt.Errorf("locales: %s.toml: %w", l, err)
		}
		lines[l] = places(texts[l])
		for key := range all[l] {
			keys[key] = true
		}
	}
	for _, key := range needed {
		keys[key] = true
	}
	var out []Problem
	report := func(l dauys.Lang, line int, format string, args ...any) {
		out = append(out, Problem{File: "locales/" + string(l) + ".toml", Line: max(1, line), What: fmt.Sprintf(format, args...)})
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		table, name := "", key
		if i := strings.LastIndexByte(key, '.'); i >= 0 {
			table, name = key[:i], key[i+1:]
		}
		want, from := map[string]bool(nil), dauys.Lang("")
		for _, l := range dauys.Langs {
			line := lines[l][key]
			needs, message := forms[l], all[l][key]
			if message == nil {
				where := "under [" + table + "]"
				if table == "" {
					where = "at the top"
				}
				report(l, lines[l][table], "%s is missing; paste %s and translate:\n%s", key, where, sample(name, key, needs, all))
				continue
			}
			_, single := message[""]
			if single && slices.Contains(reserved, name) {
				report(l, line, "%s ends in a word that stands for a part of a message; call it otherwise, or add the form other", key)
			}
			if got := slices.Sorted(maps.Keys(message)); !single && !slices.Equal(got, needs) {
				report(l, line, "%s has the forms %s; this language needs %s", key, strings.Join(got, ", "), strings.Join(needs, ", "))
			}
			for _, form := range slices.Sorted(maps.Keys(message)) {
				found, err := gaps(message[form])
				switch {
				case err != nil:
					report(l, line, "%s: %v; only {{.Name}} is understood", key, err)
				case strings.TrimSpace(message[form]) == "":
					report(l, line, "%s is empty; write the text", key)
				case want == nil:
					want, from = found, l
				case !maps.Equal(want, found):
					report(l, line, "%s has the gaps %s, but %s in %s.toml; use the same", key, list(found), list(want), from)
				}
			}
		}
	}
	return out, nil
}

// sample is what to paste for a message that a language lacks: the text of another one.
func sample(name, key string, needs []string, all map[dauys.Lang]catalogue) string {
	for _, l := range dauys.Langs {
		message, ok := all[l][key]
		if !ok {
			continue
		}
		if text, single := message[""]; single {
			return fmt.Sprintf("%s = %q", name, text)
		}
		lines := []string{"[" + key + "]"}
		for _, form := range needs {
			lines = append(lines, fmt.Sprintf("%s = %q", form, message["other"]))
		}
		return strings.Join(lines, "\n")
	}
	return name + ` = ""`
}

func list(gaps map[string]bool) string {
	if len(gaps) == 0 {
		return "none"
	}
	return strings.Join(slices.Sorted(maps.Keys(gaps)), ", ")
}

// read flattens a file of texts.
func read(data []byte) (catalogue, error) {
	var tree map[string]any
	if err := toml.Unmarshal(data, &tree); err != nil {
		return nil, err
	}
	out := catalogue{}
	var walk func(prefix string, node map[string]any)
	walk = func(prefix string, node map[string]any) {
		if _, plural := node["other"].(string); plural {
			texts := map[string]string{}
			for form, text := range node {
				texts[form], _ = text.(string)
			}
			out[prefix] = texts
			return
		}
		for name, v := range node {
			key := strings.TrimPrefix(prefix+"."+name, ".")
			switch v := v.(type) {
			case string:
				out[key] = map[string]string{"": v}
			case map[string]any:
				walk(key, v)
			}
		}
	}
	walk("", tree)
	return out, nil
}

// places finds the line of each key; the TOML reader keeps none.
func places(data []byte) map[string]int {
	out := map[string]int{}
	table, n := "", 0
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		n++
		line := strings.TrimSpace(s.Text())
		if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
			table = strings.Trim(line, "[]")
			out[table] = n
		} else if name, _, ok := strings.Cut(line, " ="); ok && !strings.ContainsAny(name, " <#") {
			out[strings.TrimPrefix(table+"."+name, ".")] = n
		}
	}
	return out
}
