namespace MatchCluster.Matching.Quality;

/// <summary>Why a print is poor: what an operator can do something about.</summary>
public enum QualityReason
{
    /// <summary>Nothing in the image looks like ridges.</summary>
    NoFingerprint,

    /// <summary>Too little of the finger is in the image.</summary>
    TooSmall,

    /// <summary>Ridges and valleys have nearly the same grey.</summary>
    LowContrast,

    /// <summary>Ridges run together: wet skin, much pressure or much ink.</summary>
    TooDark,

    /// <summary>Ridges are broken: dry skin or little pressure.</summary>
    TooDry,

    /// <summary>The ridges are blurred or crossed by something, and have no clear direction.</summary>
    Smudged,

    /// <summary>The ridges are nearly straight: the tip or the side of the finger, without its middle.</summary>
    OffCentre,

    /// <summary>Hardly any minutiae were found.</summary>
    FewMinutiae,
}

/// <summary>The words of the reasons in answers and reports.</summary>
public static class QualityReasonWords
{
    public static string Word(this QualityReason reason) => reason switch
    {
        QualityReason.NoFingerprint => "no-fingerprint",
        QualityReason.TooSmall => "too-small",
        QualityReason.LowContrast => "low-contrast",
        QualityReason.TooDark => "too-dark",
        QualityReason.TooDry => "too-dry",
        QualityReason.Smudged => "smudged",
        QualityReason.OffCentre => "off-centre",
        QualityReason.FewMinutiae => "few-minutiae",
    };

    /// <summary>What an operator reads with the word.</summary>
    public static string Sentence(this QualityReason reason) => reason switch
    {
        QualityReason.NoFingerprint => "hardly any ridges are to be seen",
        QualityReason.TooSmall => "little of the finger is in the picture, or little of it is clear",
        QualityReason.LowContrast => "ridges and valleys have nearly the same grey",
        QualityReason.TooDark => "the ridges run together: wet skin, much pressure or much ink",
        QualityReason.TooDry => "the ridges are broken: dry skin or little pressure",
        QualityReason.Smudged => "the ridges are blurred or have no clear direction",
        QualityReason.OffCentre => "the ridges are nearly straight: the tip or the side of the finger",
        QualityReason.FewMinutiae => "the print has few minutiae",
    };
}
