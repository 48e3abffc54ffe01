namespace MatchCluster.Matching.Keys;

/// <summary>
/// A key cannot be read or is not the right one; the message says what was found and what to do, for the operator. It
/// never holds a key.
/// </summary>
public sealed class KeyException : Exception
{
    public KeyException(string message)
        : base(message)
    {
    }

    public KeyException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public KeyException()
    {
    }
}
