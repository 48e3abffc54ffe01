namespace MatchCluster.Matching.Model;

/// <summary>What kind of biometric a sample is.</summary>
public enum Modality : byte
{
    Finger = 1,
    Iris = 2,
}
