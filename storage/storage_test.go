package storage_test

import (
	"testing"

	"alt.edu.kz/dauys/storage/storagetest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSQLite(t *testing.T) { storagetest.Run(t, storagetest.SQLite) }

func TestPostgres(t *testing.T) {
	if store, ok := storagetest.Postgres(t); ok {
		storagetest.Run(t, store)
	}
}
