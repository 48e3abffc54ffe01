namespace MatchCluster.Matching.Starting;

/// <summary>
/// This machine answers a search wrongly whose answer is known; the message says which, for the operator.
/// </summary>
public sealed class SelfSearchException : Exception
{
    public SelfSearchException(string message)
        : base(message)
    {
    }

    public SelfSearchException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public SelfSearchException()
    {
    }
}
