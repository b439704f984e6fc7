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

// Check compares the texts of the languages with each other and with the keys that are
// needed; nil needed compares them with each other only.
func Check(needed []string) ([]Problem, error) {
	all := map[dauys.Lang]catalogue{}
	lines := map[dauys.Lang]map[string]int{}
	for _, l := range dauys.Langs {
		data, err := files.ReadFile(string(l) + ".toml")
		if err != nil {
			return nil, fmt.Errorf("locales: %w", err)
		}
		if all[l], err = read(data); err != nil {
			return nil, fmt.Errorf("locales: %s.toml: %w", l, err)
		}
		lines[l] = places(data)
	}
	var out []Problem
	report := func(l dauys.Lang, key, format string, args ...any) {
		out = append(out, Problem{File: "locales/" + string(l) + ".toml", Line: max(1, lines[l][key]), What: fmt.Sprintf(format, args...)})
	}
	keys := map[string]bool{}
	for _, l := range dauys.Langs {
		for key := range all[l] {
			keys[key] = true
		}
	}
	for _, key := range needed {
		keys[key] = true
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		want, from := map[string]bool(nil), dauys.Lang("")
		for _, l := range dauys.Langs {
			texts, ok := all[l][key]
			if !ok {
				report(l, key, "%s is missing; add it here in this language", key)
				continue
			}
			_, single := texts[""]
			if got := slices.Sorted(maps.Keys(texts)); !single && !slices.Equal(got, forms[l]) {
				report(l, key, "%s has the forms %s; this language needs %s", key, strings.Join(got, ", "), strings.Join(forms[l], ", "))
			}
			for _, form := range slices.Sorted(maps.Keys(texts)) {
				found, err := gaps(texts[form])
				switch {
				case err != nil:
					report(l, key, "%s: %v; only {{.Name}} is understood", key, err)
				case strings.TrimSpace(texts[form]) == "":
					report(l, key, "%s is empty; write the text", key)
				case want == nil:
					want, from = found, l
				case !maps.Equal(want, found):
					report(l, key, "%s has the gaps %s, but %s in %s.toml; use the same", key, list(found), list(want), from)
				}
			}
		}
	}
	return out, nil
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
