using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// One capture of an eye as a code: the eye's texture with the capture's noise, seen through Gabor filters of
/// which only the signs are kept, and a mask of lids, lashes and reflections.
/// </summary>
/// <remarks>
/// The filters make neighbouring bits depend on each other as real ones do, and a bit whose response is near
/// zero is the first that noise flips (a fragile bit) without being told to.
/// </remarks>
internal static class IrisCapture
{
    public static IrisCode Take(ulong eyeSeed, ulong captureSeed, int eyeCode, IrisShape shape)
    {
        var random = new StableRandom(captureSeed);
        IrisConditions conditions = IrisConditions.Draw(random);
        ulong[] code = new ulong[shape.Words];
        ulong[] mask = new ulong[shape.Words];
        for (int wavelet = 0; wavelet < shape.Wavelets; wavelet++)
        {
            ulong key = KeyOf(shape, wavelet);
            var filter = GaborFilter.Of(shape, wavelet, conditions.Rotation);
            var texture = new IrisTexture(shape, filter.Reach);
            texture.Add(StableRandom.Derive(eyeSeed, key), 1);
            texture.Add(StableRandom.Derive(captureSeed, key), conditions.Noise);
            texture.SmoothAlongRadius(shape.Wavelets == 1 ? 0.6 : 1.5);
            filter.Encode(texture, shape, wavelet, code);
        }

        int valid = EyelidMask.Write(conditions, random, shape, mask);

        // Where a lid covers the eye the camera sees skin: unmasked use of such bits must hurt.
        for (int w = 0; w < code.Length; w++)
        {
            code[w] = (code[w] & mask[w]) | (random.Next() & ~mask[w]);
        }

        double share = (double)valid / (shape.Rows * shape.Columns);
        return new IrisCode
        {
            Position = BiometricPosition.OfEye(eyeCode),
            Shape = shape,
            Code = code,
            Mask = mask,
            Quality = (int)Math.Clamp(Math.Round(100 * share * (1.1 - (0.5 * conditions.Noise))), 1, 100),
        };
    }

    /// <summary>
    /// The key of the texture: each shape and wavelet sees a texture of its own of one eye.
    /// </summary>
    private static ulong KeyOf(IrisShape shape, int wavelet) =>
        (ulong)((shape.Rows << 16) + (shape.Columns << 6) + (shape.Wavelets << 3) + wavelet);
}
