namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// A population of people who do not exist. Person i depends on (seed, i) alone, so that a server, a load
/// generator and a test in three processes can each make any person again without telling the others.
/// </summary>
/// <remarks>What is modelled and how near it comes to real captures is in docs/synthetic-people.md.</remarks>
public sealed class SyntheticPopulation(ulong seed)
{
    public ulong Seed { get; } = seed;

    /// <summary>
    /// The person of an index; cheap, the biometrics are made when they are first asked for.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public SyntheticPerson Person(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new SyntheticPerson(StableRandom.Derive(Seed, (ulong)index), index);
    }
}
