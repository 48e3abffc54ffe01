namespace MatchCluster.Matching.Model;

/// <summary>
/// Which rule about uses forbids something. The names are stable: callers tell reasons apart by them.
/// </summary>
public enum UseRule
{
    /// <summary>Nobody said on whose behalf the call is made.</summary>
    CallerNotStated,

    /// <summary>The partner has no agreement, or not the one that it names.</summary>
    NoAgreement,

    /// <summary>The agreement's time is over.</summary>
    AgreementExpired,

    /// <summary>The agreement's time has not begun.</summary>
    AgreementNotYetValid,

    /// <summary>The agreement is suspended.</summary>
    AgreementSuspended,

    /// <summary>The agreement is in its pilot phase, which is for tests alone.</summary>
    AgreementInPilot,

    /// <summary>No purpose was stated, and the agreement has several.</summary>
    PurposeMissing,

    /// <summary>The stated purpose is on no list.</summary>
    PurposeUnknown,

    /// <summary>The agreement does not name the stated purpose.</summary>
    PurposeNotGranted,

    /// <summary>The agreement does not name the gallery for this operation.</summary>
    GalleryNotGranted,

    /// <summary>The gallery belongs to another partner, and the agreement does not let this one enrol there.</summary>
    GalleryOfAnotherOwner,

    /// <summary>What would be changed or deleted belongs to another partner.</summary>
    NotOwner,

    /// <summary>The agreement does not name the modality.</summary>
    ModalityNotGranted,

    /// <summary>The stated threshold is below the agreement's.</summary>
    ThresholdTooLow,

    /// <summary>The stated priority is above the agreement's.</summary>
    PriorityTooHigh,

    /// <summary>The agreement releases less than the operation shows.</summary>
    ReleaseTooSmall,

    /// <summary>The quota of the day, or the rate, is used up.</summary>
    QuotaExceeded,

    /// <summary>The case cannot be kept in which people would decide about the candidates.</summary>
    CaseNotKept,

    /// <summary>The copy of a gallery has expired.</summary>
    PackExpired,

    /// <summary>The gallery is a copy that nobody changes.</summary>
    PackReadOnly,
}
