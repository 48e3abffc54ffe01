namespace MatchCluster.Matching.Images.Prints;

/// <summary>What a caller should know about how its picture was read.</summary>
/// <param name="Code">A word for programs (docs/images.md lists them).</param>
/// <param name="Sentence">A sentence for people, with the numbers.</param>
public readonly record struct ImageNote(string Code, string Sentence)
{
    /// <summary>Nobody said the resolution.</summary>
    public const string ResolutionAssumed = "resolution-assumed";

    /// <summary>The file says one that no scanner has.</summary>
    public const string ResolutionNotBelieved = "resolution-not-believed";

    /// <summary>The ridges are much farther apart, or closer, than at the resolution that counts.</summary>
    public const string ResolutionDoubtful = "resolution-doubtful";

    /// <summary>The picture was brought to 500 ppi.</summary>
    public const string Resampled = "resampled";

    /// <summary>Light ridges on dark became dark ones on light.</summary>
    public const string Inverted = "inverted";

    /// <summary>What the file's reader mentions.</summary>
    public const string File = "file";

    public override string ToString() => $"{Code}: {Sentence}";
}
