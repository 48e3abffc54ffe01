namespace MatchCluster.Matching.Extraction;

/// <summary>Why a picture gives no minutiae.</summary>
public enum ExtractionFailure
{
    /// <summary>
    /// No ridges, or what looks like them is no finger: blank, noise, a photograph, straight lines.
    /// </summary>
    NoFingerprint,

    /// <summary>Fewer ridges than tell fingers apart.</summary>
    TooSmall,

    /// <summary>More than one finger could fill.</summary>
    TooLarge,

    /// <summary>Hardly any ridges, and most of the picture is black.</summary>
    TooDark,

    /// <summary>Hardly any ridges, and most of the picture is white.</summary>
    TooLight,

    /// <summary>Two or more parts that are finger-sized each.</summary>
    SeveralFingers,

    /// <summary>One finger where the label says several.</summary>
    OneFinger,

    /// <summary>More fingers than the label says, or fewer parts of which one is too wide for a finger.</summary>
    FingerCount,

    /// <summary>A resolution at which ridges cannot be seen, or that no scanner has.</summary>
    Resolution,
}

/// <summary>The words of <see cref="ExtractionFailure"/> that callers see.</summary>
public static class ExtractionFailures
{
    /// <summary>A word with hyphens, for programs.</summary>
    public static string Word(this ExtractionFailure failure) => failure switch
    {
        ExtractionFailure.NoFingerprint => "no-fingerprint",
        ExtractionFailure.TooSmall => "too-small",
        ExtractionFailure.TooLarge => "too-large",
        ExtractionFailure.TooDark => "too-dark",
        ExtractionFailure.TooLight => "too-light",
        ExtractionFailure.SeveralFingers => "several-fingers",
        ExtractionFailure.OneFinger => "one-finger",
        ExtractionFailure.FingerCount => "finger-count",
        ExtractionFailure.Resolution => "resolution",
    };
}
