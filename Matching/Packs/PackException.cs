namespace MatchCluster.Matching.Packs;

/// <summary>
/// A pack, or a key of one, that cannot be used. The message says what was found and what was wanted.
/// </summary>
public sealed class PackException : Exception
{
    public PackException(string message)
        : base(message)
    {
    }

    public PackException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
