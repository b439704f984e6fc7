package storage

import (
	"context"

	"alt.edu.kz/dauys"
	"github.com/redis/go-redis/v9"
)

// Raw is Redis without the storage, for a test that plants or looks for something.
func (s *Sessions) Raw() *redis.Client { return s.client }

// Plant stores a dialogue as another version of Dauys would have, or, sealed as it is, as somebody
// who has got hold of the Redis server might.
func (s *Sessions) Plant(ctx context.Context, who dauys.Address, rev int64, sealed []byte) error {
	return s.client.HSet(ctx, s.key(who), fieldRev, rev, fieldState, sealed).Err()
}

// SealedFor is a text sealed as the dialogue of somebody.
func (s *Sessions) SealedFor(who dauys.Address, rev int64, text string) []byte {
	return s.sealer.Seal([]byte(text), aboutSession(who, rev))
}

// Stored is the sealed bytes of somebody's dialogue.
func (s *Sessions) Stored(ctx context.Context, who dauys.Address) []byte {
	b, _ := s.client.HGet(ctx, s.key(who), fieldState).Bytes()
	return b
}
