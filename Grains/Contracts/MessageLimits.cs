namespace MatchCluster.Grains.Contracts;

/// <summary>
/// Bytes that one grain call may carry. Orleans fails the whole connection at 100 MiB, other callers' messages with
/// it, so that a frame is measured before it is sent.
/// </summary>
public static class MessageLimits
{
    /// <summary>Frame of a request: any encounter fits, the largest is 64 samples of 64 KiB.</summary>
    public const int RequestBytes = 8 * 1024 * 1024;

    /// <summary>Frame of an answer: a person's encounters, or the candidates of a full batch.</summary>
    public const int AnswerBytes = 16 * 1024 * 1024;

    /// <summary>Members of a gallery in one answer: with the longest ids about 4 MiB.</summary>
    public const int MembersPerAnswer = 16 * 1024;
}
