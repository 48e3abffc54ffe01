namespace MatchCluster.Grains.Redis;

/// <summary>
/// What Redis runs for tasks, each script atomic. A task is a hash; its place among others is in sorted sets: of its
/// state (in the order of ids), of its partner's state, and of those that may be claimed by the time at which they may.
/// All keys of a gallery's tasks lie in one slot of a Redis Cluster: KEYS[1] is the beginning of their names.
/// </summary>
internal static class RedisTaskScripts
{
    /// <summary>Functions that the scripts share.</summary>
    private const string Common =
        """
        local p = KEYS[1]
        local ended = {['3']=true, ['4']=true, ['6']=true, ['7']=true}
        local phases = {['0']='w', ['1']='d', ['2']='d'}
        local names = {
          'kind','partner','state','priority','due','until','changed','size','epoch','owner','parts','counted'}
        local function whole(n) return string.format('%d', n) end
        local function head(id)
          local v = redis.call('HMGET', p .. 'task:' .. id, unpack(names))
          if not v[1] then return nil end
          local t = {}
          for i, name in ipairs(names) do t[name] = v[i] end
          return t
        end
        local function ready(t) return p .. 'ready:' .. t.kind .. ':' .. phases[t.state] .. ':' .. t.priority end
        local function leave(id, t)
          redis.call('ZREM', p .. 'state:' .. t.state, id)
          redis.call('ZREM', p .. 'of:' .. t.partner .. ':' .. t.state, id)
          if redis.call('HINCRBY', p .. 'counts', t.state .. ':' .. t.kind, -1) == 0 then
            redis.call('HDEL', p .. 'counts', t.state .. ':' .. t.kind)
          end
          redis.call('HINCRBY', p .. 'totals', 'size', whole(-tonumber(t.size)))
          if t.counted and redis.call('HINCRBY', p .. 'shares', t.partner, whole(-tonumber(t.size))) == 0 then
            redis.call('HDEL', p .. 'shares', t.partner)
          end
          if ended[t.state] then redis.call('ZREM', p .. 'ended', id)
          else redis.call('HINCRBY', p .. 'totals', 'open', -1) end
          if phases[t.state] then redis.call('ZREM', ready(t), id) end
        end
        local function enter(id, t)
          redis.call('ZADD', p .. 'state:' .. t.state, 0, id)
          redis.call('ZADD', p .. 'of:' .. t.partner .. ':' .. t.state, 0, id)
          redis.call('HINCRBY', p .. 'counts', t.state .. ':' .. t.kind, 1)
          redis.call('HINCRBY', p .. 'totals', 'size', t.size)
          redis.call('HINCRBY', p .. 'shares', t.partner, t.size)
          if not t.counted then redis.call('HSET', p .. 'task:' .. id, 'counted', '1') end
          if ended[t.state] then redis.call('ZADD', p .. 'ended', t.changed, id)
          else redis.call('HINCRBY', p .. 'totals', 'open', 1) end
          if phases[t.state] then
            redis.call('ZADD', ready(t), math.max(tonumber(t.due), tonumber(t['until'])), id)
          end
        end
        local function remove(id)
          local t = head(id)
          if not t then return 0 end
          leave(id, t)
          local tx = redis.call('HGET', p .. 'task:' .. id, 'tx')
          if tx then redis.call('HDEL', p .. 'transactions', t.kind .. '\n' .. t.partner .. '\n' .. tx) end
          redis.call('DEL', p .. 'task:' .. id, p .. 'parts:' .. id)
          return 1
        end

        """;

    /// <summary>
    /// ARGV most tasks, most bytes, id, kind, partner, whether there is a transaction, transaction, digest, most tasks
    /// and most bytes of the partner (empty: as many as of all), then names and values of the other fields. Answers the
    /// outcome and the id of the transaction's task.
    /// </summary>
    public const string Put = Common +
        """
        local id, kind, partner = ARGV[3], ARGV[4], ARGV[5]
        local field = kind .. '\n' .. partner .. '\n' .. ARGV[7]
        if redis.call('EXISTS', p .. 'task:' .. id) == 1 then return {0, id} end
        if ARGV[6] == '1' then
          local earlier = redis.call('HGET', p .. 'transactions', field)
          if earlier then
            return {redis.call('HGET', p .. 'task:' .. earlier, 'digest') == ARGV[8] and 1 or 2, earlier}
          end
        end
        local fields, t = {}, {kind = kind, partner = partner}
        for i = 11, #ARGV do fields[#fields + 1] = ARGV[i] end
        for i = 1, #fields, 2 do t[fields[i]] = fields[i + 1] end
        local totals = redis.call('HMGET', p .. 'totals', 'open', 'size')
        if tonumber(totals[1] or '0') >= tonumber(ARGV[1])
          or tonumber(totals[2] or '0') + tonumber(t.size) > tonumber(ARGV[2]) then return {3, ''} end
        if ARGV[9] ~= '' then
          local open = 0
          for _, state in ipairs({'0', '1', '2', '5'}) do
            open = open + redis.call('ZCARD', p .. 'of:' .. partner .. ':' .. state)
          end
          local size = tonumber(redis.call('HGET', p .. 'shares', partner) or '0')
          if open >= tonumber(ARGV[9]) or size + tonumber(t.size) > tonumber(ARGV[10]) then return {4, ''} end
        end
        redis.call('HSET', p .. 'task:' .. id, 'kind', kind, 'partner', partner, 'digest', ARGV[8], unpack(fields))
        if ARGV[6] == '1' then
          redis.call('HSET', p .. 'task:' .. id, 'tx', ARGV[7])
          redis.call('HSET', p .. 'transactions', field, id)
        end
        enter(id, t)
        return {0, id}
        """;

    /// <summary>
    /// ARGV phase, now, until, owner, most, then the kinds. Answers ids, each with 1 where an earlier claim had not
    /// been given back.
    /// </summary>
    public const string Claim = Common +
        """
        local taken, most = {}, tonumber(ARGV[5])
        for priority = 9, 0, -1 do
          local found = {}
          for k = 6, #ARGV do
            if #taken < 2 * most then
              local ids = redis.call('ZRANGEBYSCORE', p .. 'ready:' .. ARGV[k] .. ':' .. ARGV[1] .. ':' .. priority,
                '-inf', ARGV[2], 'LIMIT', 0, most - #taken / 2)
              for _, id in ipairs(ids) do
                found[#found + 1] = {id, tonumber(redis.call('HGET', p .. 'task:' .. id, 'due'))}
              end
            end
          end
          table.sort(found, function(a, b) return a[2] < b[2] or (a[2] == b[2] and a[1] < b[1]) end)
          for _, one in ipairs(found) do
            if #taken < 2 * most then
              local id, t = one[1], head(one[1])
              redis.call('HSET', p .. 'task:' .. id, 'owner', ARGV[4], 'until', ARGV[3])
              redis.call('HINCRBY', p .. 'task:' .. id, 'epoch', 1)
              redis.call('ZADD', ready(t), math.max(tonumber(t.due), tonumber(ARGV[3])), id)
              taken[#taken + 1] = id
              taken[#taken + 1] = (t.owner and t.owner ~= '') and '1' or '0'
            end
          end
        end
        return taken
        """;

    /// <summary>ARGV id, epoch, until. Answers 1 where the claim still holds.</summary>
    public const string Renew = Common +
        """
        local t = head(ARGV[1])
        if not t or t.epoch ~= ARGV[2] or t.owner == '' then return 0 end
        redis.call('HSET', p .. 'task:' .. ARGV[1], 'until', ARGV[3])
        if phases[t.state] then
          redis.call('ZADD', ready(t), math.max(tonumber(t.due), tonumber(ARGV[3])), ARGV[1])
        end
        return 1
        """;

    /// <summary>
    /// ARGV id, epoch (empty: whoever has it loses it), states with commas around each (empty: any), whether the claim
    /// ends, number of the part (empty: none), its bytes, then names and values of the fields that change. Answers 1
    /// where it was done, 0 where it was not, -1 and less for a part of another number: -1 minus the parts there are.
    /// </summary>
    public const string Change = Common +
        """
        local id, takes = ARGV[1], ARGV[2] == ''
        local t = head(id)
        if not t then return 0 end
        if not takes and (t.epoch ~= ARGV[2] or t.owner == '') then return 0 end
        if ARGV[3] ~= '' and not string.find(ARGV[3], ',' .. t.state .. ',', 1, true) then return 0 end
        local key, parts = p .. 'task:' .. id, tonumber(t.parts)
        local number = tonumber(ARGV[5])
        if number and number ~= parts and number ~= parts - 1 then return -1 - parts end
        leave(id, t)
        if number then
          local before = redis.call('HSTRLEN', p .. 'parts:' .. id, ARGV[5])
          redis.call('HSET', p .. 'parts:' .. id, ARGV[5], ARGV[6])
          redis.call('HSET', key, 'parts', number + 1)
          t.size = whole(tonumber(t.size) + #ARGV[6] - before)
        end
        for i = 7, #ARGV, 2 do
          local name, value = ARGV[i], ARGV[i + 1]
          if name == 'request' or name == 'result' or name == 'progress' then
            t.size = whole(tonumber(t.size) + #value - redis.call('HSTRLEN', key, name))
          else
            t[name] = value
          end
          redis.call('HSET', key, name, value)
        end
        if takes or ARGV[4] == '1' then
          t['until'] = '0'
          redis.call('HSET', key, 'owner', '', 'until', '0')
        end
        if takes then redis.call('HINCRBY', key, 'epoch', 1) end
        redis.call('HSET', key, 'size', t.size)
        enter(id, t)
        return 1
        """;

    /// <summary>ARGV id. Answers 1 where there was one.</summary>
    public const string Delete = Common + "return remove(ARGV[1])";

    /// <summary>ARGV before, most. Answers how many were deleted.</summary>
    public const string Purge = Common +
        """
        local ids = redis.call('ZRANGEBYSCORE', p .. 'ended', '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
        for _, id in ipairs(ids) do remove(id) end
        return #ids
        """;
}
