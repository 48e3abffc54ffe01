namespace MatchCluster.Grains.Members;

/// <summary>A process cannot take part as it was asked to; the message says why and what to do, in one line.</summary>
public sealed class StartRefusedException : Exception
{
    public StartRefusedException(string message)
        : base(message)
    {
    }

    public StartRefusedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
