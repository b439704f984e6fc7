//go:build !unix

package storage

import "context"

// Dauys is run on Unix. Elsewhere it can be built and tried; there nobody keeps a second
// process from the same file.
func lock(string) (free func() error, err error) { return func() error { return nil }, nil }

func lockWait(_ context.Context, path string) (free func() error, err error) { return lock(path) }
