using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Tests.Keys;

/// <summary>Master keys of tests, and a place for wrapped keys that ends with its test.</summary>
internal sealed class TestKeys : IKeyStore
{
    private readonly Dictionary<(string, int), WrappedKey> entries = [];

    public IEnumerable<WrappedKey> Entries => entries.Values;

    /// <summary>A master key of its own for each name.</summary>
    public static MasterKeySource Source(string name = "one")
    {
        string variable = $"MATCHCLUSTER_TEST_KEY_{name}";
        byte[] key = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name));
        Environment.SetEnvironmentVariable(variable, Convert.ToBase64String(key));
        return MasterKeySource.OfVariable(variable);
    }

    public static Task<KeyRing> RingAsync(IKeyStore store, string master = "one") => KeyRing.OpenAsync(
        store, Source(master), Source(master).Read(), null, TimeProvider.System, CancellationToken.None);

    /// <summary>Random bytes that are the same in every run.</summary>
    public static FillRandom Seeded(int seed)
    {
        Random random = new(seed);
        return random.NextBytes;
    }

    public static async Task<RecordSeal> SealAsync(params string[] galleries)
    {
        KeyRing ring = await RingAsync(new TestKeys());
        Assert.Null(await ring.EnsureAsync(galleries, CancellationToken.None));
        return new RecordSeal(ring);
    }

    public ValueTask<IReadOnlyList<WrappedKey>> ReadKeysAsync(CancellationToken cancel) =>
        ValueTask.FromResult<IReadOnlyList<WrappedKey>>([.. entries.Values]);

    public ValueTask<bool> TryAddKeyAsync(WrappedKey key, CancellationToken cancel) =>
        ValueTask.FromResult(entries.TryAdd((key.Gallery, key.Number), key));

    public ValueTask ReplaceKeysAsync(IReadOnlyList<WrappedKey> keys, CancellationToken cancel)
    {
        foreach (WrappedKey key in keys.Where(key => entries.ContainsKey((key.Gallery, key.Number))))
        {
            entries[(key.Gallery, key.Number)] = key;
        }

        return default;
    }

    public ValueTask RemoveKeysAsync(string gallery, IReadOnlyList<int> numbers, CancellationToken cancel)
    {
        foreach (int number in numbers)
        {
            entries.Remove((gallery, number));
        }

        return default;
    }
}
