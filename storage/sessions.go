package storage

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"alt.edu.kz/dauys"
	"alt.edu.kz/dauys/fault"
	"alt.edu.kz/dauys/flows/ask"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Errors of dialogues.
var (
	// ErrUnavailable: Redis is away, slow or full. Nothing is known of what was asked; the caller
	// keeps the update and tries again later. It is the domain's, which databases give, too.
	ErrUnavailable = dauys.ErrUnavailable
	// ErrOldState: what is stored is of another version, or cannot be read. See [OldStateError].
	ErrOldState = errors.New("the stored dialogue is not understood")
)

// OldStateError carries what could be read of a dialogue that is not understood. The state that
// comes with it is empty but for its Rev: saved, it begins anew.
type OldStateError struct {
	Raw []byte // as it was stored; nil if it could not even be opened
	Rev int64
}

func (e *OldStateError) Error() string        { return ErrOldState.Error() }
func (e *OldStateError) Is(target error) bool { return target == ErrOldState }

// SessionsOptions say where dialogues are kept.
type SessionsOptions struct {
	URL    string // redis://…; empty: the server inside the process
	File   string // that server's file; empty: memory only
	Prefix string // of every key; empty: "dauys:"
	Sealer *Sealer
	TTL    time.Duration // after which Redis sweeps out what nobody has touched; 0: 60 days
	// How long to wait; 0: 1 second, 300 ms, 300 ms for a server, and 5 seconds for the one in the
	// process, which is never away, only as slow as the machine.
	DialTimeout, ReadTimeout, WriteTimeout time.Duration
	PoolSize                               int // connections; 0: go-redis decides
	Log                                    *slog.Logger
}

// go-redis would write to standard error what its caller is told anyway.
func init() { redis.SetLogger(quiet{}) }

type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

// Sessions keeps the dialogues of applicants, one state a person, sealed. The state's Rev stands
// beside it, so that two who write cannot both win. A second set holds who has replies that were
// perhaps not sent, so that these are found after a crash.
type Sessions struct {
	client *redis.Client
	prefix string
	sealer *Sealer
	ttl    time.Duration
	wait   time.Duration // the longest that one operation may take
	server *embedded     // nil with a Redis server
}

// In Redis: a hash for each person, and one sorted set.
const (
	fieldRev    = "r" // how often it was written
	fieldState  = "v" // the sealed state
	fieldUnsent = "u" // the Rev whose replies were perhaps not sent
	fieldWake   = "w" // when the person is to be told something by themselves, in milliseconds
)

// OpenSessions connects to Redis, or starts the server inside the process. A Redis server that
// does not answer is not an error: it may come later, see [Sessions.Ping].
func OpenSessions(ctx context.Context, o SessionsOptions) (*Sessions, error) {
	if o.Sealer == nil {
		return nil, errors.New("storage: sessions need a sealer")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Sessions{prefix: cmp.Or(o.Prefix, "dauys:"), sealer: o.Sealer, ttl: cmp.Or(o.TTL, 60*24*time.Hour)}
	options := &redis.Options{}
	if o.URL == "" {
		var err error
		if s.server, err = startEmbedded(o.File, o.Log); err != nil {
			return nil, err
		}
		options.Addr, options.Password = s.server.address()
	} else {
		var err error
		if options, err = redis.ParseURL(o.URL); err != nil {
			return nil, errors.New("storage: REDIS_URL is not understood; write it as redis://user:password@host:6379/0, or leave it empty")
		}
	}
	dial, answer := time.Second, 300*time.Millisecond
	if s.server != nil {
		dial, answer = 5*time.Second, 5*time.Second
	}
	options.DialTimeout = cmp.Or(o.DialTimeout, dial)
	options.ReadTimeout = cmp.Or(o.ReadTimeout, answer)
	options.WriteTimeout = cmp.Or(o.WriteTimeout, answer)
	options.PoolTimeout = options.ReadTimeout
	options.PoolSize = cmp.Or(o.PoolSize, options.PoolSize)
	options.ContextTimeoutEnabled = true
	options.MaxRetries = -1 // the caller has a better way to try again
	options.DialerRetries = 1
	options.DisableIdentity = true
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	s.wait = options.DialTimeout + options.ReadTimeout + options.WriteTimeout
	s.client = redis.NewClient(options)
	if s.server != nil {
		if err := s.server.run(ctx, s); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// Close writes what the embedded server has not written yet, and ends all connections.
func (s *Sessions) Close() error {
	var err error
	if s.server != nil {
		err = s.server.stop()
	}
	return errors.Join(err, s.client.Close())
}

// Ping tells whether Redis answers.
func (s *Sessions) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	return s.failed("ping", s.client.Ping(ctx).Err())
}

func (s *Sessions) key(who dauys.Address) string { return s.prefix + "s:" + string(who) }
func (s *Sessions) unsent() string               { return s.prefix + "unsent" }
func (s *Sessions) wakes() string                { return s.prefix + "wake" }

// failed makes an error of Redis one of ours. The only command that Redis can refuse because of us
// would be a mistake in a script; all the rest (no connection, too slow, OOM, READONLY, LOADING)
// means that it cannot be had now.
func (s *Sessions) failed(what string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("storage: sessions: %s: %w", what, err)
	}
	return fmt.Errorf("storage: sessions: %s: %w: %w", what, ErrUnavailable, err)
}

// Load reads a person's dialogue, and whether its replies were perhaps not sent. Of somebody new
// the state is empty. One round trip.
func (s *Sessions) Load(ctx context.Context, who dauys.Address) (st ask.State, unsent bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	fields, err := s.client.HMGet(ctx, s.key(who), fieldRev, fieldState, fieldUnsent).Result()
	if err != nil {
		return ask.State{}, false, s.failed("load", err)
	}
	written, _ := fields[0].(string)
	sealed, _ := fields[1].(string)
	_, unsent = fields[2].(string)
	if written == "" {
		return ask.State{}, false, nil
	}
	rev, _ := strconv.ParseInt(written, 10, 64)
	raw, err := s.sealer.Open([]byte(sealed), aboutSession(who, rev))
	if err != nil {
		return ask.State{Rev: rev}, unsent, fmt.Errorf("storage: sessions: load: %w", &OldStateError{Rev: rev})
	}
	if err := json.Unmarshal(raw, &st); err != nil || st.Version != ask.StateVersion {
		return ask.State{Rev: rev}, unsent, fmt.Errorf("storage: sessions: load: %w", &OldStateError{Raw: raw, Rev: rev})
	}
	st.Rev = rev
	return st, unsent, nil
}

// run runs a script, or the command of the embedded server that does the same.
func (s *Sessions) run(ctx context.Context, script *redis.Script, command string, keys []string, args ...any) *redis.Cmd {
	if s.server == nil {
		return script.Run(ctx, s.client, keys, args...)
	}
	all := []any{command, s.server.password, len(keys)}
	for _, k := range keys {
		all = append(all, k)
	}
	return s.client.Do(ctx, append(all, args...)...)
}

var saveScript = redis.NewScript(`
local rev = tonumber(redis.call('HGET', KEYS[1], 'r') or '0') or 0
if rev ~= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'r', ARGV[2], 'v', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
if ARGV[6] == '1' then
	redis.call('HSET', KEYS[1], 'u', ARGV[2])
	redis.call('ZADD', KEYS[2], ARGV[2], ARGV[5])
end
if ARGV[7] ~= '' then
	redis.call('HSET', KEYS[1], 'w', ARGV[7])
	redis.call('ZADD', KEYS[3], ARGV[7], ARGV[5])
elseif redis.call('HDEL', KEYS[1], 'w') == 1 then
	redis.call('ZREM', KEYS[3], ARGV[5])
end
return 1`)

// Save stores a dialogue as the successor of the one that it was made from: it is stored with
// st.Rev+1, if st.Rev is still what stands there, and otherwise the error is [dauys.ErrConflict].
// With unsent the person is put among those whose replies were perhaps not sent, until
// [Sessions.Sent]. One round trip; with the server inside the process it returns when the dialogue
// is in the file, so that a kill does not take it back. A file that cannot be written now is not an
// error: what people write goes on, and is written later.
func (s *Sessions) Save(ctx context.Context, who dauys.Address, st ask.State, unsent bool) error {
	fault.Point("session-before-write")
	from := st.Rev
	st.Rev++
	st.Version = ask.StateVersion
	plain, err := json.Marshal(st)
	if err != nil {
		return fmt.Errorf("storage: sessions: save: %w", err)
	}
	told, wake := 0, ""
	if unsent {
		told = 1
	}
	if !st.Wake.IsZero() {
		wake = strconv.FormatInt(st.Wake.UnixMilli(), 10)
	}
	ctx, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	won, err := s.run(ctx, saveScript, embeddedSave, []string{s.key(who), s.unsent(), s.wakes()},
		from, st.Rev, s.sealer.Seal(plain, aboutSession(who, st.Rev)), s.ttl.Milliseconds(), string(who), told, wake).Int()
	if err != nil {
		return s.failed("save", err)
	}
	if won == 0 {
		return fmt.Errorf("storage: sessions: save: %w", dauys.ErrConflict)
	}
	select {
	case <-s.changed(who):
	case <-ctx.Done():
		return s.failed("save", ctx.Err())
	}
	fault.Point("session-written")
	return nil
}

var sentScript = redis.NewScript(`
for i = 1, #KEYS - 1 do
	local who, rev = ARGV[2*i-1], tonumber(ARGV[2*i])
	local unsent = tonumber(redis.call('ZSCORE', KEYS[#KEYS], who) or '0') or 0
	if unsent <= rev then
		redis.call('ZREM', KEYS[#KEYS], who)
		redis.call('HDEL', KEYS[i], 'u')
	end
end
return 1`)

// Sent takes people out of those with unsent replies, each unless a later Rev than the given one
// has replies that were perhaps not sent. One round trip for a hundred of them.
func (s *Sessions) Sent(ctx context.Context, sent map[dauys.Address]int64) error {
	fault.Point("replies-sent-before-mark")
	var people []dauys.Address
	for who := range sent {
		people = append(people, who)
	}
	for len(people) > 0 {
		n := min(len(people), 100)
		if err := s.sent(ctx, people[:n], sent); err != nil {
			return err
		}
		people = people[n:]
	}
	return nil
}

func (s *Sessions) sent(ctx context.Context, people []dauys.Address, sent map[dauys.Address]int64) error {
	var keys []string
	var args []any
	for _, who := range people {
		keys = append(keys, s.key(who))
		args = append(args, string(who), sent[who])
	}
	ctx, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	if err := s.run(ctx, sentScript, embeddedSent, append(keys, s.unsent()), args...).Err(); err != nil {
		return s.failed("sent", err)
	}
	s.changed(people...)
	return nil
}

// Unsent tells up to limit people whose replies were perhaps not sent, and which Rev has them.
func (s *Sessions) Unsent(ctx context.Context, limit int) (map[dauys.Address]int64, error) {
	ctx, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	found, err := s.client.ZRangeWithScores(ctx, s.unsent(), 0, int64(limit)-1).Result()
	if err != nil {
		return nil, s.failed("unsent", err)
	}
	people := map[dauys.Address]int64{}
	for _, z := range found {
		if who, ok := z.Member.(string); ok {
			people[dauys.Address(who)] = int64(z.Score)
		}
	}
	return people, nil
}

// Woken tells up to limit people whose State.Wake has come. Who is saved with a later one, or with
// none, is not among them any more.
func (s *Sessions) Woken(ctx context.Context, now time.Time, limit int) ([]dauys.Address, error) {
	ctx, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	found, err := s.client.ZRangeArgs(ctx, redis.ZRangeArgs{
		Key: s.wakes(), Start: "-inf", Stop: strconv.FormatInt(now.UnixMilli(), 10), ByScore: true, Count: int64(limit),
	}).Result()
	if err != nil {
		return nil, s.failed("woken", err)
	}
	people := make([]dauys.Address, 0, len(found))
	for _, who := range found {
		people = append(people, dauys.Address(who))
	}
	return people, nil
}

// changed tells the embedded server which keys it has to write, and when they are.
func (s *Sessions) changed(people ...dauys.Address) (written <-chan struct{}) {
	if s.server == nil {
		return nothing
	}
	return s.server.changed(people)
}
